"""The Wilson interval that gold shows beside every rate, against statsmodels."""

from __future__ import annotations

import duckdb
import jinja2
import pytest
from statsmodels.stats.proportion import proportion_confint

from include.build import DBT_PROJECT

METRICS = DBT_PROJECT / "macros" / "metrics"


def rendered(macro: str, successes: str, units: str) -> str:
    """The SQL of one interval macro; it needs nothing of dbt."""
    text = "".join((METRICS / f"{name}.sql").read_text("utf-8") for name in ("wilson_low", "wilson_high"))
    return getattr(jinja2.Environment().from_string(text).module, macro)(successes, units)


@pytest.mark.parametrize(("successes", "units"), [(0, 1), (1, 1), (3, 10), (0, 12), (12, 12), (19, 20), (712, 9001)])
def test_the_interval_is_the_one_of_statsmodels(successes: int, units: int):
    low, high = rendered("wilson_low", "k", "n"), rendered("wilson_high", "k", "n")
    sql = f"select {low}, {high} from (select {successes} as k, {units} as n)"
    assert duckdb.execute(sql).fetchone() == pytest.approx(
        proportion_confint(successes, units, alpha=0.05, method="wilson"), abs=1e-9
    )


def test_without_units_there_is_no_interval():
    assert duckdb.execute(f"select {rendered('wilson_high', '0', '0')}").fetchone() == (None,)
