"""The receipt of a load, as a person reads it."""

from __future__ import annotations

from collections import Counter

from include.ingest.gate import Blocked
from include.ingest.report import FileReceipt, LoadReport
from tests.ingest.landed import DAY, EVENT, Landing


def test_a_few_files_are_listed_one_by_one(landing: Landing):
    landing.put("events", f"{EVENT}\ne1,1,install,2026-03-10\ne2,x,install,2026-03-10\n")
    landing.put("users", "gone\n")
    landing.complete()
    assert landing.load().text().splitlines()[:4] == [
        "Loaded 1 landing days (2026-03-10): 2 files, 1 rows, 1 in quarantine.",
        "  events/ds=2026-03-10/part-0.csv: 1 rows, 1 in quarantine",
        "      1 x user_id is not a whole number",
        "  users/ds=2026-03-10/part-0.csv: REFUSED, without the required column user_id, email, created_at, user_type; "
        "it has the unknown 'gone'",
    ]


def receipts(table: str, count: int, reason: str | None = None) -> list[FileReceipt]:
    reasons = Counter({reason: 2} if reason else {})
    return [
        FileReceipt(f"{table}/ds=2026-03-10/part-{number}.csv", "loaded", 10, reasons.total(), reasons)
        for number in range(count)
    ]


def test_many_files_are_summed_by_table_and_reason():
    report = LoadReport(
        days=[DAY],
        files=receipts("events", 40, "event_at is missing") + receipts("events", 1, "a") + receipts("users", 30),
    )
    assert report.text().splitlines()[1:] == [
        "  events, 41 files: 410 rows, 82 in quarantine",
        "      80 x event_at is missing (and 1 further reasons; see raw.quarantine)",
        "  users, 30 files: 300 rows",
    ]


def test_a_bulk_load_full_of_faults_stays_readable():
    tables = ("schools", "users", "products", "purchases", "referrals", "events", "acquisition_spend")
    report = LoadReport(
        days=[DAY],
        files=[receipt for table in tables for receipt in receipts(table, 100, "something is missing")]
        + [FileReceipt(f"users/ds=2026-03-10/bad-{n}.csv", "refused", refusal="not UTF-8") for n in range(90)],
        warnings=[f"something odd {n}" for n in range(300)],
        blocked=[Blocked("users", DAY, f"reason {n}") for n in range(80)],
    )
    text = report.text()
    assert len(text.splitlines()) <= 28
    assert "bad-0.csv: REFUSED, not UTF-8" in text
    assert "and 87 more refused files; see ops.landing_files" in text
    assert "and 297 more warnings" in text
    assert "and 77 more blocked deliveries" in text
