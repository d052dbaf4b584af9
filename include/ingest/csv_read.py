"""CSV landing files as texts: an exact reader for every file, and a fast one for plain files."""

from __future__ import annotations

import csv
import gzip
import io
import sys
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

import numpy as np
import pyarrow as pa
import pyarrow.csv as arrow_csv

from include.ingest.csv_scan import scan
from include.ingest.errors import FileRefused

_ROWS_PER_BATCH = 50_000
_BLOCK = 4 << 20

# a field may be as long as a landing file: the contract sets no limit
csv.field_size_limit(sys.maxsize)


@dataclass(frozen=True)
class Broken:
    """A record that is no row of its file: ``line`` is the physical line on which it starts, the header being 1."""

    line: int
    reason: str
    raw: str


@dataclass
class CsvRows:
    """The records of one file: ``batches`` holds the text columns ``c0`` .. and ``line``; missing values are null.

    ``broken`` is complete once the batches have been read to the end.
    """

    header: list[str]
    schema: pa.Schema
    batches: Iterator[pa.RecordBatch]
    is_plain: bool
    broken: list[Broken] = field(default_factory=list)


@contextmanager
def read_csv(path: Path, exact: bool = False) -> Iterator[CsvRows]:
    """Open a CSV file, gzipped or not, as batches of texts; ``exact`` takes the exact reader whatever the file is.

    Raises:
        FileRefused: not UTF-8, no header, not readable to its end, or a quote that is never closed.
    """
    with _refusals():
        with _open(path) as stream:
            shape = scan(stream)
        with _open(path) as stream:
            if shape.is_plain and shape.header and not exact:
                yield _fast(stream, shape.header, shape.lines)
            else:
                yield _exact(stream)


def records(path: Path, lines: set[int]) -> dict[int, str]:
    """The records that start on these physical lines, as they came, without the line end."""
    if not lines:
        return {}
    with _open(path) as stream:
        texts = io.TextIOWrapper(stream, "utf-8-sig", newline="")
        return {record.line: record.raw for record in _parse(texts, max(lines)) if record.line in lines}


def plain_records(path: Path, lines: set[int]) -> dict[int, str]:
    """The same for a file in which every record is one line, without parsing it."""
    if not lines:
        return {}
    with _open(path) as stream:
        texts = io.TextIOWrapper(stream, "utf-8-sig", newline="")
        return {line: text.rstrip("\r\n") for line, text in enumerate(texts, 1) if line in lines}


@contextmanager
def _refusals() -> Iterator[None]:
    try:
        yield
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise FileRefused(f"not readable as gzip: {error}") from error
    except UnicodeDecodeError as error:
        raise FileRefused("not UTF-8; deliver the file in UTF-8") from error


def _open(path: Path) -> IO[bytes]:
    return gzip.open(path, "rb") if path.name.lower().endswith(".gz") else path.open("rb")  # type: ignore[return-value]


def _schema(width: int) -> pa.Schema:
    return pa.schema([*((f"c{position}", pa.string()) for position in range(width)), ("line", pa.int64())])


def _fast(stream: IO[bytes], header: list[str], lines: int) -> CsvRows:
    """Rows of a plain file with pyarrow: it counts fields strictly and names the line of a record with others."""
    rows = CsvRows(header, _schema(len(header)), iter(()), is_plain=True)

    def keep(row: arrow_csv.InvalidRow) -> str:
        rows.broken.append(Broken(row.number, _wrong_count(row.actual_columns, len(header)), row.text.rstrip("\r\n")))
        return "skip"

    def batches() -> Iterator[pa.RecordBatch]:
        if lines == 1:
            return
        names = [f"c{position}" for position in range(len(header))]
        reader = arrow_csv.open_csv(
            stream,
            read_options=arrow_csv.ReadOptions(use_threads=False, column_names=names, skip_rows=1, block_size=_BLOCK),
            parse_options=arrow_csv.ParseOptions(invalid_row_handler=keep),
            convert_options=arrow_csv.ConvertOptions(
                column_types=dict.fromkeys(names, pa.string()),
                null_values=[""],
                strings_can_be_null=True,
                quoted_strings_can_be_null=True,
            ),
        )
        next_line, skipped = 2, 0
        for batch in reader:
            numbers = np.empty(batch.num_rows, np.int64)
            filled = 0
            while filled < batch.num_rows:
                # rows come in order: up to the next skipped line they are numbered without a gap
                gap_at = rows.broken[skipped].line if skipped < len(rows.broken) else sys.maxsize
                run = min(batch.num_rows - filled, gap_at - next_line)
                numbers[filled : filled + run] = np.arange(next_line, next_line + run)
                filled, next_line = filled + run, next_line + run
                if next_line == gap_at:
                    skipped, next_line = skipped + 1, next_line + 1
            yield batch.append_column("line", pa.array(numbers))

    rows.batches = batches()
    return rows


@dataclass(frozen=True)
class _Record:
    line: int
    raw: str
    fields: list[str] | None


def _parse(texts: Iterable[str], last_line: int = sys.maxsize) -> Iterator[_Record]:
    """Every record that is not a blank line; ``fields`` is None when its quoting is not RFC 4180."""
    taken: list[str] = []

    def tap() -> Iterator[str]:
        for text in texts:
            taken.append(text)
            yield text

    reader = csv.reader(tap(), strict=True)
    line = 1
    while line <= last_line:
        fields: list[str] | None = None
        try:
            fields = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            if "unexpected end of data" in str(error):
                raise FileRefused(
                    f"the record that starts on line {line} opens a quote that is never closed"
                ) from error
        raw = "".join(taken).rstrip("\r\n")
        started, line = line, line + len(taken)
        taken.clear()
        if fields != []:
            yield _Record(started, raw, fields)


def _exact(stream: IO[bytes]) -> CsvRows:
    """Rows of any file with Python's csv module in strict mode; counts blank lines and line breaks inside quotes."""
    parsed = _parse(io.TextIOWrapper(stream, "utf-8-sig", newline=""))
    first = next(parsed, None)
    if first is None:
        raise FileRefused("empty, without even a header row")
    if first.fields is None:
        raise FileRefused("the header row is not quoted as RFC 4180 says")
    width = len(first.fields)
    rows = CsvRows(first.fields, _schema(width), iter(()), is_plain=False)

    def batches() -> Iterator[pa.RecordBatch]:
        fields: list[list[str]] = []
        lines: list[int] = []
        for record in parsed:
            if record.fields is None:
                rows.broken.append(Broken(record.line, "quoting is not RFC 4180", record.raw))
            elif len(record.fields) != width:
                rows.broken.append(Broken(record.line, _wrong_count(len(record.fields), width), record.raw))
            else:
                fields.append(record.fields)
                lines.append(record.line)
                if len(fields) == _ROWS_PER_BATCH:
                    yield _batch(fields, lines, rows.schema)
                    fields, lines = [], []
        if fields:
            yield _batch(fields, lines, rows.schema)

    rows.batches = batches()
    return rows


def _batch(fields: list[list[str]], lines: list[int], schema: pa.Schema) -> pa.RecordBatch:
    columns = [pa.array([value or None for value in column], pa.string()) for column in zip(*fields, strict=True)]
    return pa.record_batch([*columns, pa.array(lines, pa.int64())], schema=schema)


def _wrong_count(found: int, expected: int) -> str:
    return f"has {found} fields where the header has {expected}"
