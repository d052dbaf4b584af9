"""The client's base database and folders of CSV files become landing files."""

import csv
import json
import shutil
import sqlite3
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest

from include.generator import SimulationConfig
from include.generator.data_generator import generate_events, generate_users
from include.generator.export import export_csv
from include.generator.importers import ImportRefusedError, import_csv, import_sqlite
from include.generator.importers.addresses import parse_address
from include.generator.importers.sqlite_base import split_name
from include.generator.landing import LandingDayTakenError
from include.ingest.load import load_days
from include.settings import Paths
from include.warehouse import connect
from tests.support.client_base import database

DAY = date(2026, 3, 1)


@pytest.fixture
def paths(tmp_path: Path) -> Paths:
    return Paths(tmp_path / "data")


def landed(paths: Paths, table: str) -> list[dict[str, str]]:
    (file,) = (paths.landing / table / f"ds={DAY}").iterdir()
    with file.open(newline="", encoding="utf-8") as handle:
        return list(csv.DictReader(handle))


def manifest(paths: Paths) -> dict[str, int | None]:
    files = json.loads((paths.landing / f"_SUCCESS/ds={DAY}").read_text())["files"]
    return {entry["path"]: entry.get("rows") for entry in files}


class TestAddresses:
    @pytest.mark.parametrize(
        ("address", "place"),
        [
            ("PSC 9954, Box 6655, APO AE 70058", ("APO", "AE", "70058")),
            ("Unit 5 Box 1, DPO AP 96201", ("DPO", "AP", "96201")),
            ("413 Brandy Street, Derekmouth, DC 20730", ("Derekmouth", "DC", "20730")),
            ("03547 Sandra Pike Apt. 356, North Elizabethbury, TN 35993", ("North Elizabethbury", "TN", "35993")),
            ("1 Elm St,\nSaint Paul,  MN 55101-1234", ("Saint Paul", "MN", "55101-1234")),
        ],
    )
    def test_the_end_of_a_us_address_is_city_state_and_zip(self, address: str, place: tuple[str, str, str]) -> None:
        assert parse_address(address) == place

    @pytest.mark.parametrize(
        "address", [None, "", "somewhere by the river", "1 Elm St, Town, Minnesota 55101", "MN 55101"]
    )
    def test_anything_else_is_not_guessed(self, address: str | None) -> None:
        assert parse_address(address) is None


class TestTheBaseDatabase:
    def test_every_table_lands_with_a_manifest_that_counts_its_rows(self, tmp_path: Path, paths: Paths) -> None:
        report = import_sqlite(database(tmp_path / "base.sqlite"), DAY, paths)
        assert report.rows == {"schools": 4, "users": 2, "products": 1, "purchases": 3}
        assert manifest(paths) == {f"{table}/ds={DAY}/client-base.csv": count for table, count in report.rows.items()}

    def test_addresses_are_taken_apart_and_unreadable_ones_are_left_empty_and_counted(
        self, tmp_path: Path, paths: Paths
    ) -> None:
        report = import_sqlite(database(tmp_path / "base.sqlite"), DAY, paths)
        places = [(row["city"], row["state"], row["zip_code"]) for row in landed(paths, "schools")]
        assert places == [("APO", "AE", "70012"), ("Oldtown", "DC", "20030"), ("", "", ""), ("", "", "")]
        assert any("address" in what and count == 2 for what, count in report.oddities.items())

    def test_what_the_source_lacks_gets_the_documented_defaults(self, tmp_path: Path, paths: Paths) -> None:
        report = import_sqlite(database(tmp_path / "base.sqlite"), DAY, paths)
        first = landed(paths, "users")[0]
        assert (first["user_type"], first["first_name"], first["last_name"]) == ("parent", "Ann", "Marie Field")
        product = landed(paths, "products")[0]
        assert (product["category"], product["points_per_dollar"]) == ("uncategorized", "1")
        assert report.oddities["user without a school"] == 1

    def test_a_purchase_is_priced_and_one_of_an_unknown_product_is_kept_and_counted(
        self, tmp_path: Path, paths: Paths
    ) -> None:
        report = import_sqlite(database(tmp_path / "base.sqlite"), DAY, paths)
        bought = landed(paths, "purchases")
        assert [(row["purchase_id"], row["price_paid"], row["points_earned"]) for row in bought] == [
            ("base-1", "7.05", "7.0500"), ("base-2", "2.35", "2.3500"), ("base-3", "", ""),
        ]  # fmt: skip
        assert sum(count for what, count in report.oddities.items() if "price is unknown" in what) == 1
        assert sum(count for what, count in report.oddities.items() if "choose a later --ds" in what) == 1

    def test_importing_twice_leaves_the_same_bytes(self, tmp_path: Path, paths: Paths) -> None:
        file = database(tmp_path / "base.sqlite")
        import_sqlite(file, DAY, paths)
        before = {path: path.read_bytes() for path in paths.landing.rglob("*") if path.is_file()}
        import_sqlite(file, DAY, paths)
        assert {path: path.read_bytes() for path in paths.landing.rglob("*") if path.is_file()} == before

    def test_a_missing_file_is_refused_and_nothing_is_written(self, tmp_path: Path, paths: Paths) -> None:
        with pytest.raises(ImportRefusedError, match="There is no database"):
            import_sqlite(tmp_path / "none.sqlite", DAY, paths)
        assert not paths.landing.exists()

    def test_a_file_that_is_no_database_is_refused(self, tmp_path: Path, paths: Paths) -> None:
        (tmp_path / "notes.sqlite").write_text("dear client, " * 100)
        with pytest.raises(ImportRefusedError, match="cannot be read as a SQLite database"):
            import_sqlite(tmp_path / "notes.sqlite", DAY, paths)

    def test_another_database_is_refused_by_the_table_it_lacks(self, tmp_path: Path, paths: Paths) -> None:
        other = database(tmp_path / "other.sqlite", "create table Pupils (id integer);")
        with pytest.raises(ImportRefusedError, match="no table Schools"):
            import_sqlite(other, DAY, paths)

    def test_a_day_of_another_source_is_left_alone(self, tmp_path: Path, paths: Paths) -> None:
        taken = paths.landing / f"users/ds={DAY}/part-0.csv"
        taken.parent.mkdir(parents=True)
        taken.write_text("user_id\n")
        with pytest.raises(LandingDayTakenError, match="Choose another --ds"):
            import_sqlite(database(tmp_path / "base.sqlite"), DAY, paths)

    @pytest.mark.parametrize(
        ("name", "parts"),
        [
            ("Tracy Mendez", ("Tracy", "Mendez")),
            ("Cher", ("Cher", "")),
            ("Mrs. Jo Ann Li Jr.", ("Jo", "Ann Li Jr.")),
            (" ", ("", "")),
        ],
    )
    def test_a_name_is_a_first_name_and_the_rest(self, name: str, parts: tuple[str, str]) -> None:
        assert split_name(name) == parts


class TestAFolderOfCsvFiles:
    def test_files_land_byte_for_byte_whatever_their_line_ends_and_column_order(
        self, tmp_path: Path, paths: Paths
    ) -> None:
        content = b'created_at,name,school_id\r\n2020-01-01,"Two\r\nLines",7\r\n'
        (tmp_path / "schools.csv").write_bytes(content)
        report = import_csv(tmp_path, DAY, paths)
        assert (paths.landing / f"schools/ds={DAY}/bulk.csv").read_bytes() == content
        assert report.rows == {"schools": 1}
        assert manifest(paths) == {f"schools/ds={DAY}/bulk.csv": None}  # only the load can say how many rows a file has

    def test_a_damaged_file_is_imported_and_the_load_judges_its_rows(self, tmp_path: Path, paths: Paths) -> None:
        rows = '\n1,Hilltop,2020-01-01\n2,"A"x,"l1\nl2",2020-01-01\n3,Riverview,2020-01-01\n'
        (tmp_path / "schools.csv").write_text(f"\nschool_id,name,created_at{rows}")
        assert import_csv(tmp_path, DAY, paths).oddities
        load_days(DAY, DAY, paths, accept=["all"])
        with connect(paths, read_only=True) as con:
            assert con.execute("select school_id from raw.schools order by 1").fetchall() == [(1,), (3,)]

    def test_an_authors_dump_is_imported_whole_and_its_oddities_are_counted(self, tmp_path: Path, paths: Paths) -> None:
        (tmp_path / "users.csv").write_bytes(
            b"user_id,email,created_at,user_type\r\n1,a@example.org,2026-01-05 10:00:00,parent\r\n"
        )
        (tmp_path / "events.csv").write_bytes(
            b"event_id,user_id,event_type,event_at\r\n"
            b"a,1,install,2026-01-05 09:00:00\r\n"
            b"b,1,install,2026-01-05 09:30:00\r\n"
            b"c,1,app_open,2026-01-04 09:00:00\r\n"
            b"d,2,app_open,2026-01-06 09:00:00\r\n"
            b"d,1,app_open,2026-01-06 09:00:00\r\n"
            b"e,1,app_open,2026-05-06 09:00:00\r\n"
            b"f,1,app_open\r\n"
        )
        report = import_csv(tmp_path, DAY, paths)
        assert report.rows == {"users": 1, "events": 7}
        assert report.oddities == {
            "events: further install of the same user": 1,
            "events: before the user's created_at": 1,
            "events: user is not in users.csv (an orphan; kept)": 1,
            "events: key delivered more than once; the last row counts": 1,
            "events: event_at later than 2026-03-01 + 24 h, so the load will put the row in quarantine: "
            "choose a later --ds": 1,
            "events: wrong number of fields, quarantine": 1,
            "events: required value missing, quarantine": 1,
        }

    def test_importing_fewer_files_again_removes_what_the_import_wrote_before(
        self, tmp_path: Path, paths: Paths
    ) -> None:
        for table in ("schools", "products"):
            (tmp_path / f"{table}.csv").write_text("created_at,name\n")
        import_csv(tmp_path, DAY, paths)
        (tmp_path / "products.csv").unlink()
        import_csv(tmp_path, DAY, paths)
        assert [file.parent.parent.name for file in paths.landing.glob("*/ds=*/*.csv")] == ["schools"]

    def test_a_folder_without_any_known_file_is_refused(self, tmp_path: Path, paths: Paths) -> None:
        (tmp_path / "notes.csv").write_text("a,b\n")
        with pytest.raises(ImportRefusedError, match=r"holds none of schools\.csv"):
            import_csv(tmp_path, DAY, paths)

    def test_text_that_is_not_utf_8_is_refused_and_nothing_is_written(self, tmp_path: Path, paths: Paths) -> None:
        (tmp_path / "schools.csv").write_bytes("school_id,name,created_at\n1,Éole,2020-01-01\n".encode("latin-1"))
        with pytest.raises(ImportRefusedError, match=r"schools\.csv is not UTF-8"):
            import_csv(tmp_path, DAY, paths)
        assert not paths.landing.exists()


class TestExport:
    PERIOD = (date(2026, 1, 1), date(2026, 1, 20))

    def test_the_bulk_files_and_their_sqlite_copy_hold_the_generated_rows(self, tmp_path: Path) -> None:
        config = SimulationConfig(users=80, seed=5)
        rows = export_csv(tmp_path, *self.PERIOD, config)
        assert rows["events"] == len(generate_events(config, *self.PERIOD)) > 300
        assert rows["users"] == len(generate_users(config, *self.PERIOD))
        with closing(sqlite3.connect(tmp_path / "carton_caps.sqlite")) as connection:
            copied = {table: connection.execute(f"select count(*) from {table}").fetchone()[0] for table in rows}
        assert copied == rows

    def test_an_export_imports_without_oddities_when_the_day_is_not_too_early(
        self, tmp_path: Path, paths: Paths
    ) -> None:
        rows = export_csv(tmp_path / "bulk", *self.PERIOD, SimulationConfig(users=80, seed=5))
        report = import_csv(tmp_path / "bulk", date(2026, 1, 20), paths)
        assert report.rows == rows
        # Installs of people who sign up after the period have no user yet.
        assert set(report.oddities) <= {"events: user is not in users.csv (an orphan; kept)"}

    def test_the_same_world_exports_the_same_bytes(self, tmp_path: Path) -> None:
        config = SimulationConfig(users=80, seed=5)
        export_csv(tmp_path / "one", *self.PERIOD, config)
        export_csv(tmp_path / "two", *self.PERIOD, config)
        for file in sorted((tmp_path / "one").glob("*.csv")):
            assert file.read_bytes() == (tmp_path / "two" / file.name).read_bytes()
        shutil.rmtree(tmp_path / "one")
