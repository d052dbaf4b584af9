from __future__ import annotations

from datetime import date
from pathlib import Path

import duckdb
import pytest

from include.build import BuildError
from include.errors import CartonCapsError
from include.pipeline import main, reprocess, run
from include.settings import Paths
from tests.support.gold import gold_tables, served
from tests.support.small_client import FIRST, SECOND, land_first_day, land_second_day

pytestmark = pytest.mark.slow


def test_two_days_become_the_facts_that_follow_from_them_and_running_again_changes_nothing(after_first_day: Paths):
    paths = after_first_day
    assert served(paths, "select referral_id, referred_user_id, rule_outcome from gold.fct_referral") == [
        (7, 3, "no_qualifying_action")
    ]

    assert served(paths, "select channel, sent from gold.fct_referral_conversion order by channel") == [
        ("all", 1),
        ("all (as delivered)", 1),
    ]
    cohorts = (
        "select platform, sum(users)::int from gold.fct_activation_cohort group by all having platform like 'all%'"
    )
    assert served(paths, f"{cohorts} order by 1") == [("all", 3), ("all (as delivered)", 1)]

    land_second_day(paths)
    run(SECOND, SECOND, paths, source="landing")
    assert served(paths, "select rule_outcome, award_state, acquired_via, display_name from gold.fct_referral"
                         " inner join gold.dim_user on user_id = referred_user_id") == [
        ("eligible", "due", "referral", "User 3")
    ]  # fmt: skip
    assert served(
        paths, "select school_id, sum(amount_raised_usd)::double from gold.fct_school_day group by 1 order by 1"
    ) == [
        (1, 0.2),
        (2, 0.2),
    ]

    before = gold_tables(paths.warehouse)
    run(SECOND, SECOND, paths, source="landing")
    reprocess(FIRST, SECOND, paths)
    assert gold_tables(paths.warehouse) == before
    assert all(before[name] for name in ("dim_user", "fct_purchase", "fct_user_day", "fct_referral"))


def test_a_run_that_fails_in_dbt_names_the_model_and_its_sql_and_leaves_the_old_snapshot_in_place(
    after_first_day: Paths,
):
    paths = after_first_day
    first = paths.current.resolve()
    land_second_day(paths)
    with duckdb.connect(str(paths.warehouse)) as con:  # somebody meddled with a table that a contract covers
        con.execute("alter table gold.fct_user_day add column surprise integer")
    with pytest.raises(BuildError, match=r"model fct_user_day: .*\n    its SQL: (\S+)") as failed:
        run(SECOND, SECOND, paths, source="landing")
    sql = Path(str(failed.value).partition("its SQL: ")[2].split()[0])
    assert "select" in sql.read_text()
    assert paths.current.resolve() == first
    assert served(paths, "select count(*) from gold.fct_purchase") == [(2,)]

    with duckdb.connect(str(paths.warehouse)) as con:
        con.execute("alter table gold.fct_user_day drop column surprise")
    run(SECOND, SECOND, paths, source="landing")  # mended: the next run builds what the broken one did not
    assert served(paths, "select count(*) from gold.fct_purchase") == [(3,)]


def test_the_command_line_ends_with_one_message_and_exit_code_1_when_a_day_has_not_landed(
    paths: Paths, capsys: pytest.CaptureFixture[str]
):
    assert main(["run", "--source", "landing", "--start", "2026-03-02", "--end", "2026-03-02"]) == 1
    message = capsys.readouterr().err
    assert "2026-03-02" in message
    assert "_SUCCESS" in message
    assert "Traceback" not in message


def test_start_after_end_is_refused(paths: Paths):
    assert main(["reprocess", "--start", "2026-03-03", "--end", "2026-03-02"]) == 1


def test_a_build_beyond_what_is_loaded_is_refused(paths: Paths):
    from include.build import plan

    with pytest.raises(CartonCapsError, match="no landing day has been loaded"):
        plan(date(2026, 3, 2), date(2026, 3, 2), "run", paths)


def test_the_simulator_delivers_only_days_that_nobody_has_delivered(paths: Paths, monkeypatch: pytest.MonkeyPatch):
    from include.generator.landing import undelivered_days
    from include.pipeline import generate

    monkeypatch.setenv("CARTON_USERS", "30")
    monkeypatch.setenv("CARTON_EPOCH", "2026-02-20")
    generate(SECOND, SECOND, paths)  # begins in the middle of a world: a base delivery stands in for the day before
    assert undelivered_days(paths.landing, FIRST, SECOND) == [FIRST]
    generate(FIRST, SECOND, paths)
    assert undelivered_days(paths.landing, FIRST, SECOND) == []
    assert {file.name for file in paths.landing.glob(f"*/ds={FIRST}/*")} == {"part-0.csv"}


def test_a_day_of_another_source_is_left_as_it_is(paths: Paths):
    from include.pipeline import generate

    land_first_day(paths)
    before = sorted(paths.landing.rglob("*"))
    generate(FIRST, FIRST, paths)
    assert sorted(paths.landing.rglob("*")) == before


def test_a_plan_that_another_build_overtook_cannot_take_gold_back(after_first_day: Paths):
    from include.build import plan, run_dbt
    from include.pipeline import load

    paths = after_first_day
    outdated = plan(FIRST, FIRST, "run", paths)
    land_second_day(paths)
    load(SECOND, SECOND, paths)
    newest = run(SECOND, SECOND, paths, source="landing")
    with pytest.raises(BuildError, match=r"is outdated: build \S+ was planned later and has run since"):
        run_dbt(outdated, paths)
    assert paths.current.resolve() == newest
    assert gold_tables(paths.warehouse) == gold_tables(newest)


def test_a_plan_made_before_a_load_builds_nothing_because_it_does_not_cover_it(after_first_day: Paths):
    from include.build import plan, run_dbt
    from include.pipeline import load
    from include.serving.publish import PublishRefused, publish

    paths = after_first_day
    first = paths.current.resolve()
    outdated = plan(FIRST, FIRST, "run", paths)
    land_second_day(paths)
    load(SECOND, SECOND, paths)
    with pytest.raises(BuildError, match=rf"is outdated: load \d+ of day {SECOND} was committed since"):
        run_dbt(outdated, paths)
    with pytest.raises(PublishRefused, match="dbt has not run for it"):
        publish(outdated["build_id"], paths)
    assert paths.current.resolve() == first
    assert gold_tables(paths.warehouse) == gold_tables(first)


def test_nothing_is_planned_on_a_delivery_that_nobody_has_accepted(paths: Paths):
    from include.build import plan
    from include.ingest.load import load_days

    land_first_day(paths)
    (paths.landing / "users" / f"ds={FIRST}" / "part-0.csv").write_text("user_id\n1\n")
    load_days(FIRST, FIRST, paths)
    with pytest.raises(BuildError, match=rf"users:{FIRST}: 1 refused file.*\n.*--accept-quarantine users:{FIRST}"):
        plan(FIRST, FIRST, "run", paths)
