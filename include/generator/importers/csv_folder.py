"""A folder of bulk CSV files: copied byte for byte, for judging rows is the load's work; oddities are counted."""

from __future__ import annotations

import csv
import shutil
from collections import Counter
from collections.abc import Iterator
from datetime import date
from functools import partial
from pathlib import Path

from include.contracts import TABLES, contract
from include.generator.importers.report import ImportRefusedError, ImportReport, counted
from include.generator.importers.times import after_limit, hint_later, parse_moment
from include.generator.landing import FileWriter, Origin, require_own, write_day
from include.settings import Paths

ORIGIN = Origin("import-csv", ("bulk",))
LARGEST_FIELD = 16 * 1024 * 1024  # the csv module's own limit of 128 kB is below what JSON metadata may need
Record = dict[str, str]


def import_csv(folder: Path, ds: date, paths: Paths) -> ImportReport:
    """Make ``schools.csv`` .. ``events.csv`` of a folder, as far as present, the landing files of day ``ds``.

    Importing again replaces the day by the same files. Raises ImportRefusedError when the folder is missing,
    holds none of the files, or one of them is no UTF-8 text; LandingDayTakenError when the day holds files of another
    source.
    """
    require_own(paths.landing, ds, ORIGIN)
    files = {table: folder / f"{table}.csv" for table in TABLES if (folder / f"{table}.csv").is_file()}
    if not files:
        known = ", ".join(f"{table}.csv" for table in TABLES)
        what = "holds none of" if folder.is_dir() else "is not a folder with"
        raise ImportRefusedError(f"{folder} {what} {known}. Give the folder that holds them.")
    review = _Review(ds)
    rows = {table: review.table(table, file) for table, file in files.items()}
    for extra in sorted(set(folder.glob("*.csv")) - set(files.values())):
        review.oddities[f"file {extra.name}, which no contract names: left out"] += 1
    writers: dict[str, FileWriter] = {table: partial(_copy, file) for table, file in files.items()}
    write_day(ds, writers, paths, ORIGIN, "bulk.csv")
    return ImportReport(ds, rows, counted(review.oddities))


def _copy(file: Path, part: Path) -> None:
    """As it is. How many rows a damaged file has depends on who reads it: the manifest holds size and checksum."""
    shutil.copyfile(file, part)


class _Review:
    """Counts what a person should know about a dump; TABLES has users before what refers to them."""

    def __init__(self, ds: date) -> None:
        self.ds = ds
        self.oddities: Counter[str] = Counter()
        self._created: dict[str, str] | None = None

    def table(self, table: str, file: Path) -> int:
        """Look at every record of a file; returns their number."""
        count = 0
        keys: set[tuple[str, ...]] = set()
        installed: set[str] = set()
        terms = contract(table)
        required = [column.name for column in terms.columns if column.required]
        timed = [column.name for column in terms.columns if column.is_event_time]
        if table == "users":
            self._created = {}
        for record in self._records(table, file, required):
            count += 1
            key = tuple(record.get(name, "") for name in terms.key)
            self.oddities[f"{table}: key delivered more than once; the last row counts"] += key in keys
            keys.add(key)
            self.oddities[f"{table}: required value missing, quarantine"] += any(
                not record.get(name) for name in required
            )
            for name in timed:
                self.oddities[f"{table}: {hint_later(name, self.ds)}"] += after_limit(record.get(name, ""), self.ds)
            if table == "users" and self._created is not None:
                self._created[record.get("user_id", "")] = record.get("created_at", "")
            elif table in ("events", "purchases"):
                self._about_user(table, record)
            if table == "events" and record.get("event_type") == "install":
                user = record.get("user_id", "")
                self.oddities["events: further install of the same user"] += user in installed
                installed.add(user)
        return count

    def _about_user(self, table: str, record: Record) -> None:
        if self._created is None:
            return
        created = self._created.get(record.get("user_id", ""))
        self.oddities[f"{table}: user is not in users.csv (an orphan; kept)"] += created is None
        if table == "events" and created is not None and record.get("event_type") != "install":
            at, since = parse_moment(record.get("event_at", "")), parse_moment(created)
            self.oddities["events: before the user's created_at"] += at is not None and since is not None and at < since

    def _records(self, table: str, file: Path, required: list[str]) -> Iterator[Record]:
        before = csv.field_size_limit(LARGEST_FIELD)
        try:
            with file.open(encoding="utf-8-sig", newline="") as handle:
                reader = csv.reader(handle)
                header = next(filter(None, reader), [])  # blank lines before it do not count
                for name in required:
                    if name not in header:
                        self.oddities[f"{table}: no column {name}; the load will refuse the file"] += 1
                for fields in reader:
                    if not fields:
                        continue
                    self.oddities[f"{table}: wrong number of fields, quarantine"] += len(fields) != len(header)
                    yield dict(zip(header, fields, strict=False))
        except UnicodeDecodeError as error:
            raise ImportRefusedError(
                f"{file.name} is not UTF-8 text ({error.reason}). Save it as UTF-8 and import again."
            ) from error
        except csv.Error as error:
            raise ImportRefusedError(
                f"{file.name} cannot be read as CSV ({error}). Mend the file and import again."
            ) from error
        finally:
            csv.field_size_limit(before)
