"""The grammar of section 2 of the specification, value by value, through a real CSV file each."""

# ruff: noqa: DTZ001 - raw holds UTC without an offset, and so do these tests
from __future__ import annotations

import csv
import io
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest

from include.contracts import contract
from include.ingest.landing import LandingFile
from include.ingest.stage import stage
from tests.ingest.landed import DAY

GOOD = {
    "schools": {"school_id": "1", "name": "North", "created_at": "2026-01-01"},
    "users": {"user_id": "1", "email": "a@b.c", "created_at": "2026-01-01", "user_type": "parent"},
    "purchases": {
        "purchase_id": "p1",
        "user_id": "1",
        "product_id": "1",
        "quantity": "1",
        "price_paid": "1",
        "points_earned": "1",
        "purchased_at": "2026-03-10",
    },
    "referrals": {
        "referral_id": "1",
        "referrer_user_id": "1",
        "referral_code": "C",
        "sent_at": "2026-03-10",
        "status": "sent",
    },
    "events": {"event_id": "e1", "user_id": "1", "event_type": "install", "event_at": "2026-03-10"},
    "acquisition_spend": {"spend_date": "2026-03-10", "marketing_channel": "partner", "amount_usd": "1"},
}


def read(tmp_path: Path, table: str, column: str, texts: list[str]) -> list[tuple[Any, str]]:
    """Value and reasons of one column for rows that are good in all others."""
    good = GOOD[table] | {column: ""}
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(good)
    writer.writerows((good | {column: text}).values() for text in texts)
    file = tmp_path / "part-0.csv"
    file.write_text(buffer.getvalue(), encoding="utf-8", newline="")
    with duckdb.connect() as con:
        con.execute("set TimeZone = 'America/New_York'")  # the time zone of the session must not matter
        stage(con, LandingFile(table, DAY, file))
        return con.execute(f"select {column}, _reasons from checked_rows order by _line").fetchall()


@pytest.mark.parametrize(
    ("table", "column", "values"),
    [
        ("users", "school_id", {"7": 7, "-1": -1, "007": 7, "9223372036854775807": 9223372036854775807}),
        ("purchases", "quantity", {"1": 1, "12": 12}),
        (
            "purchases",
            "price_paid",
            {
                "1": Decimal("1.00"),
                "1.005": Decimal("1.01"),
                "1.00499999999999999999999": Decimal("1.00"),
                "0.125": Decimal("0.13"),
                "-0": Decimal("0.00"),
                "0012.5": Decimal("12.50"),
                "9999999999.99": Decimal("9999999999.99"),
            },
        ),
        ("purchases", "points_earned", {"1.00005": Decimal("1.0001"), "2.12344": Decimal("2.1234")}),
        ("users", "is_verified", {"1": True, "0": False, "TRUE": True, "False": False, "": None}),
        (
            "events",
            "event_at",
            {
                "2026-03-10": datetime(2026, 3, 10),
                "2026-03-10 23:30:00": datetime(2026, 3, 10, 23, 30),
                "2026-03-10T23:30:00": datetime(2026, 3, 10, 23, 30),
                "2026-03-10T23:30:00Z": datetime(2026, 3, 10, 23, 30),
                "2026-03-10T23:30:00-05:00": datetime(2026, 3, 11, 4, 30),
                "2026-03-10 00:30:00.25+0530": datetime(2026, 3, 9, 19, 0, 0, 250000),
                "2026-03-10 00:30:00+00": datetime(2026, 3, 10, 0, 30),
                "2026-03-10T00:00:00.123456789": datetime(2026, 3, 10, 0, 0, 0, 123456),
                "2024-02-29T00:00:00.5Z": datetime(2024, 2, 29, 0, 0, 0, 500000),
            },
        ),
        (
            "acquisition_spend",
            "spend_date",
            {"2026-03-10": date(2026, 3, 10), "2026-03-10 00:00:00": date(2026, 3, 10)},
        ),
        ("schools", "zip_code", {"02134": "02134", " 02134 ": " 02134 ", "NULL": "NULL", "": None}),
        ("schools", "state", {"ny": "ny", "AE": "AE"}),
        ("events", "event_type", {"never_heard_of": "never_heard_of", "N/A": "N/A", "Install": "Install"}),
        (
            "events",
            "metadata_json",
            {
                "{}": "{}",
                '{"a": [1, {"b": null}]}': '{"a": [1, {"b": null}]}',
                '{"note": "nan, inf,}"}': '{"note": "nan, inf,}"}',
                '{"note": "a \\" nan"}': '{"note": "a \\" nan"}',
                '{"amount_usd": "much", "school_id": "x"}': '{"amount_usd": "much", "school_id": "x"}',
            },
        ),
        ("referrals", "status", {"sent": "sent", "converted": "converted"}),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_values_of_the_grammar_are_read_as_what_they_say(
    tmp_path: Path, table: str, column: str, values: dict[str, Any]
):
    assert read(tmp_path, table, column, list(values)) == [(value, "") for value in values.values()]


@pytest.mark.parametrize(
    ("table", "column", "reason", "texts"),
    [
        (
            "users",
            "school_id",
            "school_id is not a whole number",
            ["x", "1.0", " 1", "1 ", "1e3", "+1", "1_000", "1,000", "0x1", "NaN", "9223372036854775808", "\u0661"],
        ),
        (
            "purchases",
            "price_paid",
            "price_paid is not a decimal number of at most 10 digits before the point",
            ["x", "1e3", "NaN", "inf", "1,5", "$1", " 1", "+1", ".", "1.", "9999999999.995", "10000000000"],
        ),
        ("purchases", "price_paid", "price_paid is less than 0", ["-1", "-0.01", "-0.004"]),
        ("purchases", "points_earned", "points_earned is less than 0", ["-0.00001"]),
        ("purchases", "quantity", "quantity is less than 1", ["0", "-3"]),
        ("acquisition_spend", "amount_usd", "amount_usd is less than 0", ["-1"]),
        ("users", "is_verified", "is_verified is not one of 0, 1, true, false", ["yes", "t", "2", "null", " true"]),
        (
            "events",
            "event_at",
            "event_at is not a timestamp YYYY-MM-DD HH:MM:SS, with or without offset",
            [
                "2026-13-40",
                "2026-02-29",
                "2026-3-1",
                "10/03/2026",
                "2026-03-10 25:00:00",
                "2026-03-10 24:00:00",
                "2026-03-10 23:59:60",
                "2026-03-10 10:00",
                "2026-03-10  10:00:00",
                "2026-03-10t10:00:00",
                "2026-03-10T10:00:00z",
                "2026-03-10T10:00:00 Z",
                "2026-03-10T10:00:00.",
                "2026-03-10T10:00:00+25:00",
                "2026-03-10Z",
                " 2026-03-10",
                "0000-01-01",
                "1773100800",
                "now",
                "infinity",
                "epoch",
            ],
        ),
        ("acquisition_spend", "spend_date", "spend_date is not a date YYYY-MM-DD", ["2026-03-10 13:00:00", "March"]),
        ("users", "user_type", "user_type is not one of parent, teacher, supporter", ["Parent", "student", " parent"]),
        ("schools", "state", "state does not match ^[A-Za-z]{2}$", ["N", "NYC", "N1", "NY\n", " NY"]),
        (
            "events",
            "metadata_json",
            "metadata_json is not a JSON object",
            ["{", "[1]", '"x"', "null", "5", "{'a': 1}", '{"a": NaN}', '{"a": -Infinity}', '{"a": 1,}', '{"a": 1} x'],
        ),
        ("events", "user_id", "user_id is missing", [""]),
        ("events", "event_id", "event_id is missing", [""]),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_texts_that_are_not_of_the_grammar_go_to_quarantine_with_their_reason(
    tmp_path: Path, table: str, column: str, reason: str, texts: list[str]
):
    assert [(text, why) for text, (_, why) in zip(texts, read(tmp_path, table, column, texts), strict=True)] == [
        (text, reason) for text in texts
    ]


def test_event_times_may_lie_up_to_24_hours_after_the_landing_day_and_back_to_2015(tmp_path: Path):
    texts = ["2026-03-12 00:00:00", "2026-03-12 00:00:00.000001", "2015-01-01", "2014-12-31T23:59:59"]
    for table, column in [("events", "event_at"), ("purchases", "purchased_at"), ("referrals", "sent_at")]:
        reasons = [why for _, why in read(tmp_path, table, column, texts)]
        assert reasons == [
            "",
            f"{column} is more than 24 hours after the end of its landing day",
            "",
            f"{column} is before 2015-01-01",
        ]
    assert [bool(why) for _, why in read(tmp_path, "referrals", "converted_at", ["", *texts])] == [
        False,
        False,
        True,
        False,
        True,
    ]


def test_the_time_limits_are_judged_in_utc_and_never_hold_for_created_at(tmp_path: Path):
    late_by_offset = read(tmp_path, "events", "event_at", ["2026-03-11T23:00:00-05:00", "2026-03-12T03:00:00+05:00"])
    assert [bool(why) for _, why in late_by_offset] == [True, False]
    assert read(tmp_path, "users", "created_at", ["1999-01-01", "2031-01-01"]) == [
        (datetime(1999, 1, 1), ""),
        (datetime(2031, 1, 1), ""),
    ]


def test_all_reasons_against_a_row_are_given(tmp_path: Path):
    file = tmp_path / "part-0.csv"
    file.write_text("event_id,user_id,event_type,event_at\ne1,,install,soon\n")
    with duckdb.connect() as con:
        (broken,) = stage(con, LandingFile("events", DAY, file)).quarantined
    assert broken.line == 2
    assert broken.raw == "e1,,install,soon"
    assert broken.reason == (
        "user_id is missing; event_at is not a timestamp YYYY-MM-DD HH:MM:SS, with or without offset"
    )


NASTY = [
    *[
        "",
        " ",
        "0",
        "-",
        "+",
        ".",
        "-0",
        "1e400",
        "-1e-400",
        "9" * 40,
        "0." + "0" * 60 + "5",
        "NaN",
        "inf",
        "-inf",
        "null",
    ],
    *["0000-00-00", "9999-12-31T23:59:59.9999999-23:59", "0001-01-01T00:00:00+23:59", "0001-01-01", "infinity"],
    *["{", "[[[[", '{"a":', '{"a":1}' * 2, '"', "\\", "'", "'; drop table raw.users; --", '{"\\ud800":1}', "{" * 2000],
    *["\x00", "\x1b[0m", "\ufeff", "\u200b1", "\U0001f600", "é" * 3000, "%s", "{}", "a\tb", "\u2028"],
]


@pytest.mark.parametrize("table", GOOD)
def test_no_text_in_any_column_stops_a_file(tmp_path: Path, table: str):
    for column in contract(table).column_names:
        rows = read(tmp_path, table, column, NASTY)
        assert len(rows) == len(NASTY)
