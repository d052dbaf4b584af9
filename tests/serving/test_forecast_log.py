"""Past forecasts are kept once per T."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from include.serving.publish import publish
from include.settings import Paths
from include.warehouse import connect
from tests.support.builds import pretend_build

DAY = date(2026, 3, 1)


def test_ops_keeps_one_forecast_per_as_of_and_takes_the_newest(tmp_path: Path):
    paths = Paths(tmp_path)
    for build_id, as_of, expected in (("b1", "2026-03-02", 10), ("b2", "2026-03-02", 11), ("b3", "2026-03-03", 12)):
        pretend_build(paths, build_id, DAY, load_id=int(build_id[1]))
        with connect(paths) as con:
            con.execute(
                "create or replace table gold.fct_reward_forecast_total as select ?::date as as_of_date,"
                " 'awards_usd' as measure, 30 as horizon_days, ?::date + 29 as last_date,"
                " ?::decimal(18, 2) as expected,"
                " 0 as lower_80, 20 as upper_80, 0 as lower_95, 30 as upper_95, 'pipeline' as model",
                [as_of, as_of, expected],
            )
        publish(build_id, paths)
    with connect(paths, read_only=True) as con:
        kept = con.execute(
            "select as_of_date::varchar, expected::integer from ops.reward_forecast_total order by all"
        ).fetchall()
    assert kept == [("2026-03-02", 11), ("2026-03-03", 12)]
