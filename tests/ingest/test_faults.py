"""What is wrong with an input, and what happens: the table of section 2 of the specification, on real files."""

# ruff: noqa: DTZ001 - raw holds UTC without an offset, and so do these tests
from __future__ import annotations

import json
import re
from datetime import date, datetime, timedelta
from decimal import Decimal

import duckdb
import pytest

from include.ingest.errors import IngestError
from tests.ingest.landed import DAY, EVENT, PURCHASE, USER, Landing


def test_a_row_that_breaks_its_contract_goes_to_quarantine_and_every_other_row_loads(landing: Landing):
    landing.put(
        "purchases",
        f"{PURCHASE}\n"
        "p1,1,1,2,9.99,19.98,2026-03-10 10:00:00\n"
        "p2,,1,2,9.99,19.98,2026-03-10 10:00:00\n"
        "p3,1,1,two,9.99,19.98,2026-03-10 10:00:00\n"
        "p4,1,1,2,-9.99,19.98,2026-03-10 10:00:00\n"
        "p5,1,1,2\n"
        '"p6",1,1,2,9.99,19.98,2026-03-10 10:00:00\n',
    )
    landing.complete()
    report = landing.load()
    assert landing.rows("select purchase_id, _line from raw.purchases order by _line") == [("p1", 2), ("p6", 7)]
    assert landing.rows("from (select * exclude (_load_id, _loaded_at) from raw.quarantine) order by line") == [
        ("purchases", DAY, "part-0.csv", 3, "user_id is missing", "p2,,1,2,9.99,19.98,2026-03-10 10:00:00"),
        (
            "purchases",
            DAY,
            "part-0.csv",
            4,
            "quantity is not a whole number",
            "p3,1,1,two,9.99,19.98,2026-03-10 10:00:00",
        ),
        ("purchases", DAY, "part-0.csv", 5, "price_paid is less than 0", "p4,1,1,2,-9.99,19.98,2026-03-10 10:00:00"),
        ("purchases", DAY, "part-0.csv", 6, "has 4 fields where the header has 7", "p5,1,1,2"),
    ]
    assert (report.rows_loaded, report.rows_quarantined) == (2, 4)
    assert "1 x user_id is missing" in report.text()


def test_a_file_that_cannot_be_taken_is_refused_whole_and_the_others_load(landing: Landing):
    landing.put("users", "user_id,email,created_at\n1,a@b.c,2026-01-01\n", name="no-type.csv")
    landing.put("users", f"{USER}\n2,b@b.c,2026-01-01,parent\n", name="good.csv")
    landing.put("users", b"user_id,email,created_at,user_type\n3,caf\xe9@b.c,2026-01-01,parent\n", name="latin-1.csv")
    landing.put("users", b"", name="nothing.csv")
    landing.put("users", f"{USER},user_type\n4,b@b.c,2026-01-01,parent,teacher\n", name="twice.csv")
    landing.put("users", b"PAR1 no parquet", name="torn.parquet")
    landing.put("events", f"{EVENT}\ne1,1,install,2026-03-10\n")
    landing.complete()
    report = landing.load()
    assert landing.rows("select user_id from raw.users") == [(2,)]
    assert landing.rows("select event_id from raw.events") == [("e1",)]
    refusals = dict(landing.rows("select file_name, reason from ops.landing_files where state = 'refused'"))
    assert refusals.keys() == {"no-type.csv", "latin-1.csv", "nothing.csv", "twice.csv", "torn.parquet"}
    assert refusals["no-type.csv"] == "without the required column user_type"
    assert refusals["latin-1.csv"].startswith("not UTF-8")
    assert refusals["nothing.csv"] == "empty, without even a header row"
    assert "user_type twice" in refusals["twice.csv"]
    assert refusals["torn.parquet"].startswith("not readable as Parquet")
    whole_files = landing.rows("select file_name, line, raw_row from raw.quarantine order by 1")
    assert whole_files == [(name, None, None) for name in sorted(refusals)]
    assert [(block.table, block.ds) for block in report.blocked] == [("users", DAY)]


def test_columns_are_read_by_name_and_never_by_position(landing: Landing):
    landing.put("schools", "zip_code,created_at,name,school_id\n02134,2026-01-01,North,7\n")
    landing.complete()
    landing.load()
    assert landing.rows("select school_id, name, zip_code, city from raw.schools") == [(7, "North", "02134", None)]


def test_a_timestamp_with_an_offset_is_converted_to_utc(landing: Landing):
    landing.put("events", f"{EVENT}\ne1,1,install,2026-03-09T23:30:00-05:00\n")
    landing.complete()
    landing.load()
    assert landing.rows("select event_at from raw.events") == [(datetime(2026, 3, 10, 4, 30),)]


def test_an_event_time_out_of_bounds_goes_to_quarantine_and_later_late_rows_still_load(landing: Landing):
    landing.put("events", f"{EVENT}\ne1,1,install,2031-01-01\ne2,1,install,1970-01-01\ne3,1,install,2026-03-08\n")
    landing.complete()
    landing.load()
    assert landing.rows("select event_id from raw.events") == [("e3",)]
    assert [line for line, _ in landing.quarantine()] == [2, 3]


def test_the_same_content_under_another_name_loads_and_is_reported(landing: Landing):
    for name in ("part-0.csv", "again.csv"):
        landing.put("events", f"{EVENT}\ne1,1,install,2026-03-10\n", name=name)
    landing.complete()
    report = landing.load()
    assert landing.rows("select _file from raw.events order by 1") == [("again.csv",), ("part-0.csv",)]
    assert any("same content" in warning for warning in report.warnings)


def test_a_dimension_delivered_unchanged_the_next_day_is_no_news(landing: Landing):
    for ds in (DAY, DAY + timedelta(days=1)):
        landing.put("users", f"{USER}\n1,a@b.c,2026-01-01,parent\n", ds)
        landing.complete(ds)
    assert landing.load(end=DAY + timedelta(days=1)).warnings == []


@pytest.mark.parametrize("fault", ["missing", "unlisted", "cut short", "altered", "rows"])
def test_a_day_that_does_not_fit_its_manifest_fails_by_name_and_nothing_of_it_loads(landing: Landing, fault: str):
    users = landing.put("users", f"{USER}\n1,a@b.c,2026-01-01,parent\n")
    events = landing.put("events", f"{EVENT}\ne1,1,install,2026-03-10\n")
    landing.complete_with_manifest({users: 1, events: 2 if fault == "rows" else 1})
    match fault:
        case "missing":
            events.unlink()
        case "unlisted":
            landing.put("events", f"{EVENT}\n", name="extra.csv")
        case "cut short":
            events.write_text(f"{EVENT}\ne1,1,install,2026-03-1")
        case "altered":
            events.write_text(f"{EVENT}\ne1,2,install,2026-03-10\n")
    expected = {
        "missing": r"events/ds=2026-03-10/part-0\.csv is in the manifest but missing",
        "unlisted": r"events/ds=2026-03-10/extra\.csv is present but not listed",
        "cut short": r"events/ds=2026-03-10/part-0\.csv has \d+ bytes, the manifest says \d+: cut short",
        "altered": r"events/ds=2026-03-10/part-0\.csv has another sha256",
        "rows": r"events/ds=2026-03-10/part-0\.csv has 1 rows, the manifest says 2",
    }
    with pytest.raises(IngestError, match=expected[fault]):
        landing.load()
    assert landing.rows("select count(*) from raw.users") == [(0,)]
    assert landing.rows("select count(*) from ops.landing_days") == [(0,)]


def test_a_day_that_fits_its_manifest_loads_and_quarantined_rows_count_as_rows(landing: Landing):
    events = landing.put("events", f"{EVENT}\ne1,1,install,2026-03-10\ne2,x,install,2026-03-10\n\n")
    landing.complete_with_manifest({events: 2})
    assert landing.load().rows_loaded == 1


def test_a_manifest_that_is_no_manifest_fails_the_day(landing: Landing):
    entry = {"path": "users/ds=2026-03-10/part-0.csv"}
    for text in (
        "{",
        '{"files": [{"rows": 1}]}',
        json.dumps({"files": [{"path": "users/ds=2026-03-09/part-0.csv"}]}),
        json.dumps({"files": [entry | {"rows": None}]}),
        json.dumps({"files": [entry | {"bytes": "many"}]}),
    ):
        landing.complete(text=text)
        with pytest.raises(IngestError, match="_SUCCESS/ds=2026-03-10"):
            landing.load()


@pytest.mark.parametrize("name", [".part-0.csv", "part-0.txt"])
def test_a_listed_file_that_would_not_be_read_fails_the_day(landing: Landing, name: str):
    events = landing.put("events", f"{EVENT}\ne1,1,install,2026-03-10\n", name=name)
    landing.complete_with_manifest({events: 1})
    with pytest.raises(IngestError, match=rf"events/ds=2026-03-10/{re.escape(name)} is in the manifest but would not"):
        landing.load()


def test_any_name_that_ends_as_it_should_is_read_but_one_that_begins_with_a_dot(landing: Landing):
    for name in ("_first.csv", "Second part.CSV", ".third.csv"):
        landing.put("events", f"{EVENT}\n{name},1,install,2026-03-10\n", name=name)
    landing.complete()
    assert landing.load().warnings == []
    assert landing.rows("select event_id from raw.events order by 1") == [("Second part.CSV",), ("_first.csv",)]


def test_a_file_that_was_loaded_and_has_disappeared_keeps_its_rows_and_is_reported_once(landing: Landing):
    events = landing.put("events", f"{EVENT}\ne1,1,install,2026-03-10\n")
    landing.complete_with_manifest({events: 1})
    landing.load()
    events.unlink()
    report = landing.load()
    assert report.warnings == ["events/ds=2026-03-10/part-0.csv has disappeared from the landing zone; its rows stay."]
    assert report.days == []
    assert landing.rows("select missing_since is not null from ops.landing_files") == [(True,)]
    assert landing.rows("select event_id from raw.events") == [("e1",)]
    assert landing.load().warnings == []
    events.write_text(f"{EVENT}\ne1,1,install,2026-03-10\n")
    assert landing.load().days == []  # the same file is back: nothing to load
    assert landing.rows("select missing_since from ops.landing_files") == [(None,)]


def test_extra_columns_are_kept_aside_and_reported_once(landing: Landing):
    landing.put("events", f"{EVENT},mood,\ne1,1,install,2026-03-10,glad,\ne2,1,install,2026-03-10,,\n")
    landing.complete()
    report = landing.load()
    assert landing.rows("select event_id, _extra::varchar from raw.events order by 1") == [
        ("e1", '{"mood":"glad","column 6":null}'),
        ("e2", None),
    ]
    assert len(report.warnings) == 1
    assert "Schema drift" in report.warnings[0]
    assert "'mood'" in report.warnings[0]
    assert report.blocked == []
    landing.put("events", f"{EVENT},mood\ne3,1,install,2026-03-11,sad\n", DAY + timedelta(days=1))
    landing.complete(DAY + timedelta(days=1))
    assert landing.load(end=DAY + timedelta(days=1)).warnings == []


def test_two_extra_columns_of_one_name_are_both_kept(landing: Landing):
    landing.put("events", f"{EVENT},note,note\ne1,1,install,2026-03-10,first,second\n")
    landing.complete()
    assert landing.load().blocked == []
    assert landing.rows("select _extra::varchar from raw.events") == [('{"note":"first","note (column 6)":"second"}',)]


def test_rows_of_unknown_users_products_and_referrals_load(landing: Landing):
    landing.put("events", f"{EVENT},referral_id\ne1,404,install,2026-03-10,404\n")
    landing.put("purchases", f"{PURCHASE}\np1,404,404,1,1,1,2026-03-10\n")
    landing.complete()
    assert landing.load().rows_loaded == 2


def test_a_changed_file_replaces_its_rows_and_the_old_ones_are_kept_aside(landing: Landing):
    landing.put("events", f"{EVENT}\ne1,1,install,2026-03-10\ne2,x,install,2026-03-10\ne3,1,install,2026-03-10\n")
    landing.put("events", f"{EVENT}\ne9,1,install,2026-03-10\n", name="other.csv")
    landing.complete()
    landing.load()
    landing.put("events", f"{EVENT}\ne1,5,install,2026-03-10 08:00:00\n")
    report = landing.load()
    assert landing.rows("select event_id, user_id, _load_id from raw.events order by 1") == [("e1", 5, 2), ("e9", 1, 1)]
    assert landing.quarantine() == []
    assert landing.rows(
        "select table_name, ds, file_name, line, row_json ->> '$.event_id', cast(row_json ->> '$.user_id' as bigint),"
        " cast(row_json ->> '$.event_at' as timestamp), row_json ->> '$.metadata_json', superseded_by_load_id"
        " from raw.superseded order by line"
    ) == [
        ("events", DAY, "part-0.csv", 2, "e1", 1, datetime(2026, 3, 10), None, 2),
        ("events", DAY, "part-0.csv", 4, "e3", 1, datetime(2026, 3, 10), None, 2),
    ]
    assert report.warnings == ["events/ds=2026-03-10/part-0.csv has changed: its 2 rows were replaced by 1."]
    assert [receipt.label for receipt in report.files] == ["events/ds=2026-03-10/part-0.csv"]


def test_a_file_that_comes_back_broken_is_refused_and_its_old_rows_are_kept_aside(landing: Landing):
    landing.put("events", f"{EVENT}\ne1,1,install,2026-03-10\n")
    landing.complete()
    landing.load()
    landing.put("events", "gone\n")
    report = landing.load()
    assert landing.rows("select count(*) from raw.events") == [(0,)]
    assert landing.rows("select count(*) from raw.superseded") == [(1,)]
    assert [block.table for block in report.blocked] == ["events"]
    landing.put("events", f"{EVENT}\ne1,1,install,2026-03-10\n")
    assert landing.load().blocked == []
    assert landing.rows("select event_id from raw.events") == [("e1",)]
    assert landing.quarantine() == []


def test_a_day_without_success_is_not_loaded_and_says_what_it_waits_for(landing: Landing):
    landing.put("events", f"{EVENT}\ne1,1,install,2026-03-10\n")
    with pytest.raises(IngestError, match=r"2026-03-10 is not complete.*landing/_SUCCESS/ds=2026-03-10"):
        landing.load()
    assert not landing.paths.warehouse.exists()


def test_files_that_are_no_landing_files_are_left_alone(landing: Landing):
    landing.put("events", f"{EVENT}\ne1,1,install,2026-03-10\n")
    landing.put("events", "half a row", name=".part-1.csv.part")
    landing.put("events", "read me", name="readme.txt")
    landing.put("weather", "day\n2026-03-10\n")
    landing.complete()
    report = landing.load()
    assert report.rows_loaded == 1
    assert report.warnings == [
        "events/ds=2026-03-10/readme.txt is no landing file of a known table; it was left alone.",
        "weather/ds=2026-03-10/part-0.csv is no landing file of a known table; it was left alone.",
    ]


def test_gzip_and_parquet_load_beside_csv(landing: Landing):
    landing.put("events", f"{EVENT}\ne1,1,install,2026-03-10\n", name="a.csv")
    landing.put("events", f"{EVENT}\ne2,1,install,2026-03-10\n", name="b.csv.gz")
    landing.put_parquet(
        "events",
        "select 'e3' as event_id, 1 as user_id, 'install' as event_type, timestamp '2026-03-10' as event_at",
        name="c.parquet",
    )
    landing.complete()
    landing.load()
    assert landing.rows("select event_id, _file, _line from raw.events order by 1") == [
        ("e1", "a.csv", 2),
        ("e2", "b.csv.gz", 2),
        ("e3", "c.parquet", 1),
    ]


class TestParquet:
    def test_typed_columns_are_read_as_their_values(self, landing: Landing):
        landing.put_parquet(
            "purchases",
            """
            select 'p1' as purchase_id, 1::integer as user_id, 2.0::double as product_id, 3::utinyint as quantity,
                   1.005::double as price_paid, 2.00005::decimal(18, 6) as points_earned,
                   timestamptz '2026-03-09 23:30:00-05:00' as purchased_at, 17 as hour_of_day, '' as day_of_week
            """,
        )
        landing.complete()
        landing.load()
        assert landing.rows("select * exclude (_load_id, _loaded_at) from raw.purchases") == [
            (
                "p1",
                1,
                2,
                3,
                Decimal("1.01"),
                Decimal("2.0001"),
                datetime(2026, 3, 10, 4, 30),
                None,
                "17",
                DAY,
                "part-0.parquet",
                1,
                None,
            )
        ]

    def test_rows_that_break_their_contract_are_kept_with_their_row_number(self, landing: Landing):
        landing.put_parquet(
            "events",
            """
            select * from (values
                ('e1', 1.0::double, 'install', timestamp '2026-03-10', {'device_id': 'd'}, 'x'),
                ('e2', 1.5, 'install', timestamp '2026-03-10', null, null),
                ('e3', 'nan'::double, 'install', timestamp '2026-03-10', null, null),
                ('e4', 4, 'install', timestamp 'infinity', null, null),
                ('e5', 5, '', timestamp '2031-01-01', null, null)
            ) as rows (event_id, user_id, event_type, event_at, metadata_json, mood)
            """,
        )
        landing.complete()
        landing.load()
        assert landing.rows("select event_id, user_id, metadata_json, _extra::varchar, _line from raw.events") == [
            ("e1", 1, '{"device_id":"d"}', '{"mood":"x"}', 1)
        ]
        assert [line for line, _ in landing.quarantine()] == [2, 3, 4, 5]
        assert dict(landing.quarantine())[2] == "user_id is not a whole number"
        assert dict(landing.quarantine())[5].startswith("event_type is missing; event_at is more than 24 hours after")
        raw_row = landing.rows("select raw_row from raw.quarantine where line = 2")[0][0]
        assert json.loads(raw_row)["event_id"] == "e2"

    def test_rows_are_numbered_across_row_groups(self, landing: Landing):
        file = landing.put("events", b"", name="part-0.parquet")
        with duckdb.connect() as con:
            con.execute(
                f"""
                copy (
                    select
                        'e' || i as event_id, case when i in (2048, 2049, 9000) then 'x' else i::varchar end as user_id,
                        'install' as event_type, timestamp '2026-03-10' as event_at
                    from range(1, 10001) as numbers(i)
                ) to '{file}' (format parquet, row_group_size 2048)
                """
            )
            groups = con.execute("select count(distinct row_group_id) from parquet_metadata(?)", [str(file)]).fetchall()
        assert groups == [(5,)]
        landing.complete_with_manifest({file: 10_000})
        landing.load()
        assert landing.rows("select line, reasons, raw_row ->> 'event_id' from raw.quarantine order by line") == [
            (line, "user_id is not a whole number", f"e{line}") for line in (2048, 2049, 9000)
        ]
        assert landing.rows(
            "select count(*), count(*) filter (where _line <> user_id or event_id <> 'e' || _line) from raw.events"
        ) == [(9_997, 0)]

    def test_whole_numbers_in_decimal_columns_are_whole_numbers(self, landing: Landing):
        landing.put_parquet(
            "events",
            """
            select * from (values
                ('e1', 12::decimal(38, 10), 'install', timestamp '2026-03-10'), ('e2', 12.5, 'install', '2026-03-10'),
                ('e3', -9223372036854775808, 'install', '2026-03-10'),
                ('e4', 9223372036854775808, 'install', '2026-03-10')
            ) as rows (event_id, user_id, event_type, event_at)
            """,
        )
        landing.complete()
        landing.load()
        assert landing.rows("select event_id, user_id from raw.events order by 1") == [("e1", 12), ("e3", -(2**63))]
        assert landing.quarantine() == [(2, "user_id is not a whole number"), (4, "user_id is not a whole number")]

    def test_an_extra_column_may_have_any_name_and_the_quarantined_row_is_as_it_came(self, landing: Landing):
        landing.put_parquet(
            "events",
            """
            select 'e' || i as event_id, case when i = 3000 then null else i end as user_id, 'install' as event_type,
                timestamp '2026-03-10' as event_at, -i as file_row_number, 'x' as "say ""a"" 'b'"
            from range(1, 3001) as numbers(i)
            """,
        )
        landing.complete()
        landing.load()
        assert landing.rows(
            "select count(*) filter (where _line = user_id and (_extra ->> 'file_row_number')::bigint = -_line)"
            " from raw.events"
        ) == [(2999,)]
        (((line, raw_row),)) = landing.rows("select line, raw_row from raw.quarantine")
        assert line == 3000
        assert list(json.loads(raw_row)) == [
            "event_id", "user_id", "event_type", "event_at", "file_row_number", "say \"a\" 'b'"
        ]  # fmt: skip

    def test_a_day_and_dates_without_time_are_midnight(self, landing: Landing):
        landing.put_parquet(
            "acquisition_spend",
            "select date '2026-03-10' as spend_date, 'partner' as marketing_channel, 12 as amount_usd",
        )
        landing.put_parquet(
            "users",
            "select 1 as user_id, 'a' as email, date '2026-01-01' as created_at, 'parent' as user_type,"
            " true as is_verified",
        )
        landing.complete()
        landing.load()
        assert landing.rows("select spend_date, amount_usd from raw.acquisition_spend") == [
            (date(2026, 3, 10), Decimal(12))
        ]
        assert landing.rows("select created_at, is_verified from raw.users") == [(datetime(2026, 1, 1), True)]

    def test_a_file_cut_short_is_refused(self, landing: Landing):
        rows = (
            "select 'e' || i as event_id, i as user_id, 'install' as event_type, timestamp '2026-03-10' as event_at"
            " from range(5000) as numbers(i)"
        )
        file = landing.put_parquet("events", rows, name="cut.parquet")
        file.write_bytes(file.read_bytes()[:-50])
        landing.complete()
        landing.load()
        assert landing.rows("select file_name, state from ops.landing_files") == [("cut.parquet", "refused")]

    def test_a_name_with_wildcards_stands_for_itself(self, landing: Landing):
        row = "select 'e{}' as event_id, 1 as user_id, 'install' as event_type, timestamp '2026-03-10' as event_at"
        landing.put_parquet("events", row.format(1), name="part-[01]*.parquet")
        landing.put_parquet("events", row.format(2), name="part-0.parquet")
        landing.complete()
        landing.load()
        assert landing.rows("select event_id, _file from raw.events order by 1") == [
            ("e1", "part-[01]*.parquet"),
            ("e2", "part-0.parquet"),
        ]
