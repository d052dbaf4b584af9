"""Writing one landing day: files first, the manifest last, so that a reader never sees half a day as complete."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import pyarrow as pa
import pyarrow.csv as pa_csv
import pyarrow.parquet as pa_parquet

from include.contracts import contract
from include.contracts.seal import seal_of
from include.errors import CartonCapsError
from include.generator.config import FileFormat
from include.settings import Paths
from include.settings_list import value

SUCCESS = "_SUCCESS"
#: Fills the file it is given; returns how many rows it has, None when only the load can say.
FileWriter = Callable[[Path], int | None]


class LandingDayTakenError(CartonCapsError):
    """A landing day already holds files that another source delivered."""


@dataclass(frozen=True)
class Origin:
    """A source, recognised by the names of its files; ``stems`` are all names it has ever used, without the ending."""

    name: str
    stems: tuple[str, ...]


STEM, AGAIN_STEM, BASE_STEM = "part-0", "part-0-again", "base-0"
SIMULATOR = Origin("the simulator", (STEM, AGAIN_STEM, BASE_STEM))


def complete_days(landing: Path) -> list[date]:
    """The days with a ``_SUCCESS`` file, oldest first."""
    return sorted(
        date.fromisoformat(file.name.removeprefix("ds=")) for file in (landing / SUCCESS).glob("ds=????-??-??")
    )


def undelivered_days(landing: Path, start: date, end: date) -> list[date]:
    """The days ``start`` .. ``end`` that no source has delivered.

    A base delivery of the simulator stands in for its day only until somebody asks for that day.
    """
    delivered = {
        day
        for day in complete_days(landing)
        if not (files := day_files(landing, day)) or any(file.name.split(".")[0] != BASE_STEM for file in files)
    }
    days = (start + timedelta(days=number) for number in range((end - start).days + 1))
    return [day for day in days if day not in delivered]


def day_files(landing: Path, day: date) -> list[Path]:
    """Every data file of the day that a source delivered, complete or not; what reviewers decided is no source's."""
    folder = f"ds={day}"
    return sorted(
        file
        for file in landing.glob(f"*/{folder}/*")
        if file.is_file()
        and (table := file.parent.parent.name) != SUCCESS
        and not file.name.startswith(".")
        and seal_of(table, file.name) is None
    )


def require_own(landing: Path, day: date, origin: Origin) -> None:
    """Raise LandingDayTakenError when the day holds a file that ``origin`` did not write."""
    foreign = [file for file in day_files(landing, day) if file.name.split(".")[0] not in origin.stems]
    if foreign:
        raise LandingDayTakenError(
            f"landing day {day} already holds {foreign[0].relative_to(landing)}, which {origin.name} did not write. "
            "Choose another --ds, or move that day's files away first."
        )


class RealSourceError(CartonCapsError):
    """Real files land here, so nothing may be simulated."""


def require_simulated() -> None:
    """Raise RealSourceError when CARTON_SOURCE says that real files land here: both worlds have a user 1."""
    if value("CARTON_SOURCE") == "landing":
        raise RealSourceError(
            "CARTON_SOURCE is landing: real files land here, so nothing is simulated. Deliver the day, or pause the "
            "DAG carton_caps_source. For a simulated world use another CARTON_DATA_DIR, without CARTON_SOURCE."
        )


def write_day(
    day: date,
    contents: Mapping[str, FileWriter],
    paths: Paths,
    origin: Origin,
    file_name: str,
    again: Mapping[str, str] | None = None,
) -> list[Path]:
    """Write one file per table, then the manifest; replace what this origin wrote for that day before.

    ``again`` names, by table, a second file with the same content.

    Raises:
        LandingDayTakenError: the day belongs to another source.
    """
    landing = paths.landing
    require_own(landing, day, origin)
    marker = landing / SUCCESS / f"ds={day}"
    marker.parent.mkdir(parents=True, exist_ok=True)
    old = set(day_files(landing, day))
    marker.unlink(missing_ok=True)
    entries, written = [], []
    wanted = [(table, file_name) for table in contents]
    wanted += [(table, name) for table, name in (again or {}).items() if table in contents]
    for table, name in sorted(wanted):
        file = landing / table / f"ds={day}" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        with _replacing(file) as part:
            rows = contents[table](part)
            with part.open("rb") as handle:
                digest = hashlib.file_digest(handle, "sha256").hexdigest()
        written.append(file)
        entry = {"path": file.relative_to(landing).as_posix(), "rows": rows}
        entry |= {"bytes": file.stat().st_size, "sha256": digest}
        entries.append({name: value for name, value in entry.items() if value is not None})
    for file in old - set(written):
        file.unlink()
    with _replacing(marker) as part:
        part.write_text(json.dumps({"files": entries}, indent=1) + "\n", encoding="utf-8")
    return written


@contextmanager
def _replacing(file: Path) -> Iterator[Path]:
    """A file beside the named one that takes its name once it is wholly on disk."""
    part = file.with_name(f".{file.name}.part")
    yield part
    with part.open("rb+") as handle:
        os.fsync(handle.fileno())
    part.replace(file)


def arrow_writer(table: str, rows: pa.Table, file_format: FileFormat) -> FileWriter:
    """A writer of these rows, the contract's columns first and in its order."""
    names = [name for name in contract(table).column_names if name in rows.column_names]
    # In one piece: how the rows were put together must not show in the bytes of a Parquet file.
    ordered = rows.select(names + [name for name in rows.column_names if name not in names]).combine_chunks()

    def write(part: Path) -> int:
        if file_format == "csv":
            pa_csv.write_csv(ordered, part)
        else:
            pa_parquet.write_table(ordered, part, compression="zstd")
        return ordered.num_rows

    return write
