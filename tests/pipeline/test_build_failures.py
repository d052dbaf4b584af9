"""What a failed build says, and how to see the rows behind it."""

from __future__ import annotations

import duckdb
import pytest

from include.build import BuildError
from include.build_failures import failing_rows
from include.errors import CartonCapsError
from include.pipeline import main, run
from include.settings import Paths
from tests.support.small_client import SECOND, land_second_day

pytestmark = pytest.mark.slow
TEST = "accepted_values_fct_referral_source_status__sent__clicked__converted"


def change(paths: Paths, sql: str) -> None:
    with duckdb.connect(str(paths.warehouse)) as con:
        con.execute(sql)


def test_a_failed_test_names_its_rows_and_the_command_that_shows_them_until_a_good_build_ends_it(
    after_first_day: Paths, capsys: pytest.CaptureFixture[str]
):
    paths = after_first_day
    published = paths.current.resolve()
    land_second_day(paths)
    change(paths, "update raw.referrals set status = 'lost'")
    with pytest.raises(BuildError) as failed:
        run(SECOND, SECOND, paths, source="landing")
    assert f"test {TEST}: Got 1 result" in str(failed.value)
    assert f"1 failing row; to see it: python -m include.pipeline failing-rows {TEST}" in str(failed.value)
    assert paths.current.resolve() == published

    assert main(["failing-rows", TEST]) == 0
    assert "lost" in capsys.readouterr().out
    with pytest.raises(CartonCapsError, match=f"No failed test other in the last build. Failed were: {TEST}"):
        failing_rows("other", paths)

    change(paths, "update raw.referrals set status = 'sent'")
    run(SECOND, SECOND, paths, source="landing")
    with pytest.raises(CartonCapsError, match="Failed were: none"):
        failing_rows(TEST, paths)
