"""The grammar of landing values as SQL: a text becomes a typed value, or null when it is not of the column's type.

Numbers, dates and flags are spelled in one way each. What DuckDB's casts would also take (``1e3``, ``1.0`` as an id, a
surrounding blank, a dropped time zone) is not of the grammar.
"""

from __future__ import annotations

from include.contracts import Column

_TIME = "([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]([.][0-9]+)?"
_LOCAL = f"[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}([T ]{_TIME})?"
_ZONED = f"[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}[T ]{_TIME}(Z|[+-]([01][0-9]|2[0-3])(:?[0-5][0-9])?)"
_ZONE_PARTS = "^(.+?)(?:Z|([+-])([0-9]{2}):?([0-9]{2})?)$"

#: How a person is told what was expected.
EXPECTED = {
    "BIGINT": "a whole number",
    "DECIMAL(12,2)": "a decimal number of at most 10 digits before the point",
    "DECIMAL(12,4)": "a decimal number of at most 8 digits before the point",
    "TIMESTAMP": "a timestamp YYYY-MM-DD HH:MM:SS, with or without offset",
    "DATE": "a date YYYY-MM-DD",
    "BOOLEAN": "one of 0, 1, true, false",
}


def text_of(expression: str, source_type: str, target_type: str) -> str:
    """SQL for a value of a Parquet column as CSV would have carried it; an empty text is missing."""
    base = source_type.upper()
    if base.startswith(("STRUCT", "MAP", "UNION", "VARIANT")) or base.endswith("]"):
        return f"cast(to_json({expression}) as varchar)"
    if base == "TIMESTAMP WITH TIME ZONE":
        return f"cast(timezone('UTC', {expression}) as varchar)"
    if base == "BLOB":  # how some writers mark texts
        return f"nullif(decode({expression}), '')"
    if base in ("FLOAT", "DOUBLE"):
        # a source that cannot hold empty whole numbers writes ids as 12.0; a float's own text may have an exponent
        fraction = (
            f"format('{{:.10f}}', {expression})"
            if target_type.startswith("DECIMAL")
            else f"cast({expression} as varchar)"
        )
        return (
            f"case when isfinite({expression}) and {expression} = trunc({expression}) and abs({expression}) < 1e18"
            f" then cast(cast({expression} as bigint) as varchar) else {fraction} end"
        )
    if base.startswith("DECIMAL") and target_type in ("BIGINT", "BOOLEAN"):
        # a source without whole numbers of its own writes ids as DECIMAL(38,10)
        whole = f"cast(cast(trunc({expression}) as hugeint) as varchar)"
        return f"case when {expression} = trunc({expression}) then {whole} else cast({expression} as varchar) end"
    return f"nullif(cast({expression} as varchar), '')"


def typed(column: Column, text: str) -> str:
    """SQL for the column's value out of its text; null when the text is missing or not of the type."""
    match column.type:
        case "BIGINT":
            return _cast_if(text, "-?[0-9]+", "bigint")
        case "DECIMAL(12,2)" | "DECIMAL(12,4)":
            # DuckDB's cast from text rounds half away from zero, exactly
            return _cast_if(text, "-?[0-9]+([.][0-9]+)?", column.type)
        case "BOOLEAN":
            flag = f"lower({text})"
            return f"case when {flag} in ('true', '1') then true when {flag} in ('false', '0') then false end"
        case "TIMESTAMP":
            return timestamp(text)
        case "DATE":
            moment = timestamp(text)
            return f"case when {moment} = date_trunc('day', {moment}) then cast({moment} as date) end"
        case _:
            return text


def _cast_if(text: str, pattern: str, type_: str) -> str:
    return f"case when regexp_full_match({text}, '{pattern}') then try_cast({text} as {type_}) end"


def timestamp(text: str) -> str:
    """SQL for a UTC TIMESTAMP: an offset is applied, else the text is UTC; digits beyond microseconds are cut."""
    parts = f"regexp_extract({text}, '{_ZONE_PARTS}', ['local', 'sign', 'hours', 'minutes'])"
    hours, minutes = (f"coalesce(try_cast({parts}.{part} as integer), 0)" for part in ("hours", "minutes"))
    sign = f"case when {parts}.sign = '-' then -1 else 1 end"
    return (
        f"case when {text} < '0001' then null"  # year 0 has no UTC day
        f" when regexp_full_match({text}, '{_LOCAL}') then try_cast({text} as timestamp)"
        f" when regexp_full_match({text}, '{_ZONED}')"
        f" then try_cast({parts}.local as timestamp) - to_minutes({sign} * ({hours} * 60 + {minutes})) end"
    )


def is_json_object(text: str) -> str:
    """SQL, true for the text of a JSON object. Stricter than DuckDB, which takes NaN and a comma before a brace."""
    bare = f"""regexp_replace({text}, '"([^"\\\\]|\\\\.)*"', '""', 'g')"""
    lenient = r"(?i)nan|inf|,\s*[}\]]"
    # CASE, because DuckDB tries both sides of AND and OR, in any order: json_type raises on broken JSON, and taking the
    # quoted texts away cost two thirds of a load when it was done to every row, not to the few that look suspicious.
    return (
        f"coalesce(case when not json_valid({text}) then false when json_type({text}) <> 'OBJECT' then false"
        f" when not regexp_matches({text}, '{lenient}') then true"
        f" else not regexp_matches({bare}, '{lenient}') end, false)"
    )
