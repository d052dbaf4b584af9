"""The rules of a contract as SQL: why a row may not enter ``raw``.

A row comes with its texts in columns ``x_<name>`` and the values read from them in ``t_<name>``.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

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
    faults: list[tuple[str, str]] = []
    if column.required:
        faults.append((f"{text} is null", "is missing"))
    if column.type in EXPECTED:
        faults.append((f"{text} is not null and {value} is null", f"is not {EXPECTED[column.type]}"))
    if column.enum:
        listed = ", ".join(f"'{value}'" for value in column.enum)
        faults.append((f"{text} not in ({listed})", f"is not one of {', '.join(column.enum)}"))
    if column.pattern:
        faults.append((f"not regexp_matches({text}, '{column.pattern}')", f"does not match {column.pattern}"))
    if column.minimum is not None:
        # judged before rounding: -0.004 is negative, although it would be stored as 0.00
        exact = value if column.type == "BIGINT" else f"try_cast({text} as double)"
        faults.append((f"{value} is not null and {exact} < {column.minimum}", f"is less than {column.minimum}"))
    if column.is_json_object:
        faults.append((f"{text} is not null and not {is_json_object(text)}", "is not a JSON object"))
    if column.is_event_time:
        latest = datetime.combine(ds + timedelta(days=1), time.min) + AFTER_THE_DAY
        faults.append((f"{value} > timestamp '{latest}'", "is more than 24 hours after the end of its landing day"))
        faults.append((f"{value} < timestamp '{EARLIEST_EVENT}'", f"is before {EARLIEST_EVENT}"))
    return [f"case when {condition} then '{name} {fault}' end" for condition, fault in faults]
