"""The rules of a contract as SQL: why a row may not enter ``raw``. Texts are in columns ``x_<name>``, values in ``t_<name>``."""

from __future__ import annotations

from datetime import date, timedelta

from include.contracts import Column, TableContract
from include.ingest.grammar import EXPECTED, is_json_object

EARLIEST_EVENT = date(2015, 1, 1)
AFTER_THE_DAY = timedelta(hours=24)


def reasons(table: TableContract, present: set[str], ds: date) -> str:
    """SQL for all reasons against a row, joined by ``; ``; the empty text when it keeps its contract.

    ``present`` names the contract columns that the file has.
    """
    checks = [check for column in table.columns if column.name in present for check in _checks(column, ds)]
    return f"concat_ws('; ', {', '.join(checks)})"


def _checks(column: Column, ds: date) -> list[str]:
    name, text, value = column.name, f"x_{column.name}", f"t_{column.name}"
    checks = []
    if column.required:
        checks.append(f"case when {text} is null then '{name} is missing' end")
    if column.type in EXPECTED:
        checks.append(
            f"case when {text} is not null and {value} is null then '{name} is not {EXPECTED[column.type]}' end"
        )
    if column.enum:
        listed = ", ".join(f"'{value}'" for value in column.enum)
        checks.append(f"case when {text} not in ({listed}) then '{name} is not one of {', '.join(column.enum)}' end")
    if column.pattern:
        checks.append(
            f"case when not regexp_matches({text}, '{column.pattern}') then '{name} does not match {column.pattern}' end"
        )
    if column.minimum is not None:
        # judged before rounding: -0.004 is negative, although it would be stored as 0.00
        exact = value if column.type == "BIGINT" else f"try_cast({text} as double)"
        checks.append(
            f"case when {value} is not null and {exact} < {column.minimum} then '{name} is less than {column.minimum}' end"
        )
    if column.is_json_object:
        checks.append(
            f"case when {text} is not null and not {is_json_object(text)} then '{name} is not a JSON object' end"
        )
    if column.is_event_time:
        latest = ds + timedelta(days=1) + AFTER_THE_DAY
        checks.append(
            f"case when {value} > timestamp '{latest}' then '{name} is more than 24 hours after the end of its landing day' end"
        )
        checks.append(f"case when {value} < timestamp '{EARLIEST_EVENT}' then '{name} is before {EARLIEST_EVENT}' end")
    return checks
