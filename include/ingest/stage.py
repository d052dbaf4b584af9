"""One landing file, read and checked, in a temporary table: nothing of it is in ``raw`` yet.

Staging happens outside the day's transaction, because a file that cannot be read would abort it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
from duckdb import DuckDBPyConnection, FatalException, OutOfMemoryException
from duckdb import Error as DuckDBError

from include.contracts import TableContract, contract
from include.contracts.seal import seal_of
from include.ingest.csv_read import Broken, CsvRows, plain_records, read_csv, records
from include.ingest.errors import FileRefused
from include.ingest.grammar import text_of, typed
from include.ingest.landing import LandingFile, measure
from include.ingest.rules import reasons

_ROWS_PER_CHUNK = 200_000


@dataclass(frozen=True)
class Staged:
    """What a file holds; ``rows`` counts every record.

    The temporary table ``relation`` has the contract's columns, typed, then ``_line``, ``_extra`` and ``_reasons``,
    empty for a row that may load. ``quarantined`` has all others, also the records that are no row at all.
    """

    file: LandingFile
    relation: str
    rows: int
    quarantined: list[Broken]
    extra_columns: list[str]

    @property
    def rows_to_load(self) -> int:
        """Rows of ``relation`` without a reason against them."""
        return self.rows - len(self.quarantined)


@dataclass(frozen=True)
class _Source:
    """A readable file in SQL: FROM clause, text of each contract column it has, line number, extra columns as JSON."""

    relation: str
    texts: dict[str, str]
    line: str
    extra: str
    extra_columns: list[str]


def stage(con: DuckDBPyConnection, file: LandingFile, relation: str = "checked_rows", exact: bool = False) -> Staged:
    """Read a file and hold its rows against the contract. ``exact`` forces the exact CSV reader.

    Raises:
        FileRefused: unreadable, not UTF-8, without a required column, or with a column twice; or sealed, and damaged.
    """
    table = contract(file.table)
    if (seal := seal_of(file.table, file.name)) and measure(file).sha256 != seal:
        raise FileRefused("its bytes are not those that its name is the SHA-256 of: cut short or altered")
    if file.name.lower().endswith(".parquet"):
        return _stage_parquet(con, file, table, relation)
    return _stage_csv(con, file, table, relation, exact)


def _stage_csv(con: DuckDBPyConnection, file: LandingFile, table: TableContract, relation: str, exact: bool) -> Staged:
    with read_csv(file.path, exact) as rows:
        position = _positions(table, rows.header)
        known = {name: f"c{index}" for name, index in position.items() if name in table.column_names}
        extra = {name: f"c{index}" for name, index in position.items() if name not in table.column_names}
        source = _Source("landed_texts", known, "line", _extra_json(extra), list(extra))
        try:
            landed = _check_chunks(con, table, source, file, relation, rows)
        except pa.ArrowInvalid:
            if not rows.is_plain:
                raise
            return _stage_csv(con, file, table, relation, exact=True)  # a line longer than the fast reader's block
    suspects = _suspects(con, relation)
    raw = (plain_records if rows.is_plain else records)(file.path, set(suspects))
    quarantined = rows.broken + [Broken(line, why, raw[line]) for line, why in suspects.items()]
    return Staged(file, relation, landed + len(rows.broken), quarantined, list(extra))


def _check_chunks(
    con: DuckDBPyConnection, table: TableContract, source: _Source, file: LandingFile, relation: str, rows: CsvRows
) -> int:
    """Check the file chunk by chunk, so that its texts are never in memory as a whole; returns how many rows it has."""
    landed = 0
    for number, chunk in enumerate(_chunks(rows)):
        con.register(source.relation, chunk)
        try:
            _check(con, table, source, file, relation, is_first=number == 0)
        finally:
            con.unregister(source.relation)
        landed += chunk.num_rows
    return landed


def _chunks(rows: CsvRows) -> Iterator[pa.Table]:
    """The file's rows in chunks; one empty chunk when it has none."""
    batches: list[pa.RecordBatch] = []
    waiting = 0
    for batch in rows.batches:
        batches.append(batch)
        waiting += batch.num_rows
        if waiting >= _ROWS_PER_CHUNK:
            yield pa.Table.from_batches(batches, rows.schema)
            batches, waiting = [], 0
    yield pa.Table.from_batches(batches, rows.schema)


def _stage_parquet(con: DuckDBPyConnection, file: LandingFile, table: TableContract, relation: str) -> Staged:
    plain = f"read_parquet({_path_literal(file.path)}, hive_partitioning = false)"
    try:
        types = {name: source_type for name, source_type, *_ in con.execute(f"describe from {plain}").fetchall()}
        scan, row = _numbered(plain, list(types))
        _positions(table, list(types))
        known = {
            column.name: text_of(f'"{column.name}"', types[column.name], column.type)
            for column in table.columns
            if column.name in types
        }
        extra = {name: '"' + name.replace('"', '""') + '"' for name in types if name not in table.column_names}
        source = _Source(scan, known, row, _extra_json(extra), list(extra))
        _check(con, table, source, file, relation, is_first=True)
        suspects = _suspects(con, relation)
        raw = dict(
            con.execute(
                f"select line, cast(to_json(landed) as varchar) from (select {row} as line, {_struct(types)} as landed"
                f" from {scan}) where line in (select _line from {relation} where _reasons <> '')"
            ).fetchall()
            if suspects
            else []
        )
    except (OutOfMemoryException, FatalException):
        raise
    except DuckDBError as error:
        if "No space left" in str(error):
            raise
        raise FileRefused(f"not readable as Parquet: {str(error).splitlines()[0]}") from error
    rows = con.execute(f"select count(*) from {relation}").fetchall()[0][0]
    return Staged(file, relation, rows, [Broken(line, why, raw[line]) for line, why in suspects.items()], list(extra))


def _numbered(scan: str, names: list[str]) -> tuple[str, str]:
    """The scan of a Parquet file with its row numbers: a FROM clause, and SQL for the number, from 1."""
    if "file_row_number" not in {name.lower() for name in names}:
        return scan.removesuffix(")") + ", file_row_number = true)", "file_row_number + 1"
    # an extra column has the name of the reader's own number; a window without an order counts rows as they are read
    return f"(select *, row_number() over () as landed_row_number from {scan})", "landed_row_number"


def _struct(names: Iterable[str]) -> str:
    """SQL for the row as it came."""
    quoted = ['"' + name.replace('"', '""') + '"' for name in names]
    return f"struct_pack({', '.join(f'{name} := {name}' for name in quoted)})"


def _positions(table: TableContract, header: list[str]) -> dict[str, int]:
    """Where each column is, by name; of unknown columns with one name the later ones are told apart by their place.

    Raises FileRefused when a required column is missing or a column of the contract comes twice.
    """
    missing = [name for name in table.required_names if name not in header]
    if missing:
        unknown = [name for name in header if name not in table.column_names]
        hint = f"; it has the unknown {', '.join(map(repr, unknown))}" if unknown else ""
        raise FileRefused(f"without the required column {', '.join(missing)}{hint}")
    names = [name or f"column {index}" for index, name in enumerate(header, 1)]
    twice = sorted({name for name in names if names.count(name) > 1 and name in table.column_names})
    if twice:
        raise FileRefused(f"with the column {', '.join(twice)} twice; which of them counts is unknown")
    return {
        name if names.index(name) == index else f"{name} (column {index + 1})": index
        for index, name in enumerate(names)
    }


def _check(
    con: DuckDBPyConnection, table: TableContract, source: _Source, file: LandingFile, relation: str, is_first: bool
) -> None:
    """Put the checked rows of the source into ``relation``, which the first ones make."""
    texts = [f"{source.texts.get(name, 'cast(null as varchar)')} as x_{name}" for name in table.column_names]
    values = [f"{typed(column, f'x_{column.name}')} as t_{column.name}" for column in table.columns]
    named = [f"cast(t_{column.name} as {column.type}) as {column.name}" for column in table.columns]
    con.execute(
        (f"create or replace temp table {relation} as" if is_first else f"insert into {relation}")
        + f" select {', '.join(named)}, _line, _extra, {reasons(table, set(source.texts), file.ds)} as _reasons"
        f" from (select *, {', '.join(values)}"
        f" from (select {', '.join(texts)}, {source.line} as _line, {source.extra} as _extra from {source.relation}))"
    )


def _suspects(con: DuckDBPyConnection, relation: str) -> dict[int, str]:
    """The reasons by line of the rows that may not load."""
    return dict(con.execute(f"select _line, _reasons from {relation} where _reasons <> '' order by _line").fetchall())


def _extra_json(columns: dict[str, str]) -> str:
    """SQL for the columns that the contract does not name, as one JSON object; null when a row has no value in them."""
    if not columns:
        return "cast(null as json)"
    pairs = ", ".join(f"{_literal(name)}, {expression}" for name, expression in columns.items())
    any_value = " or ".join(f"{expression} is not null" for expression in columns.values())
    return f"case when {any_value} then json_object({pairs}) end"


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _path_literal(path: Path) -> str:
    """The path for a scan; characters that would match other files stand for themselves."""
    return _literal("".join(f"[{char}]" if char in "*?[" else char for char in str(path)))
