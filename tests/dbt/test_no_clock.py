"""The specification's clock is the landing day: nothing that computes data may ask what time it is."""

from __future__ import annotations

import re

from include.build import DBT_PROJECT
from include.settings import PROJECT_ROOT

CLOCK = re.compile(
    r"\bnow\(\)|\bcurrent_(date|timestamp|time)\b|\btoday\(\)|\bgetdate\(\)|\b(datetime|date)\.(now|today|utcnow)\(|\btime\.time\(",
    re.IGNORECASE,
)
#: When dbt began and ended a build, for ops; gold holds no load time.
MAY = {"macros/build/build_record.sql"}


def test_no_model_macro_test_or_estimator_reads_the_clock():
    files = [file for file in DBT_PROJECT.rglob("*") if file.suffix in (".sql", ".py", ".yml")]
    files = [file for file in files if file.relative_to(DBT_PROJECT).parts[0] in ("models", "macros", "tests", "seeds")]
    files += [file for room in ("analytics", "scenarios") for file in (PROJECT_ROOT / "include" / room).rglob("*.py")]
    assert len(files) > 200
    reading = {file for file in files if CLOCK.search(file.read_text("utf-8"))}
    assert {file.relative_to(DBT_PROJECT).as_posix() for file in reading} == MAY
