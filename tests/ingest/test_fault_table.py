"""Input faults that the other tests of this folder do not show: each fed to a real load, with nothing lost."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import timedelta

import pytest

from include.ingest.errors import IngestError
from tests.ingest.landed import DAY, EVENT, PURCHASE, REFERRAL, Landing

NEXT = DAY + timedelta(days=1)


def event(event_id: str, at: object, user_id: int = 1) -> str:
    return f"{event_id},{user_id},install,{at}\n"


def test_a_file_cut_in_the_middle_of_a_number_that_can_still_be_read_fails_its_day(landing: Landing):
    header = "purchase_id,user_id,product_id,quantity,points_earned,purchased_at,price_paid"
    file = landing.put("purchases", f"{header}\np1,1,1,1,25.75,2026-03-10,25.75\n")
    landing.complete_with_manifest({file: 1})
    file.write_bytes(file.read_bytes()[:-4])
    assert file.read_text().endswith(",25")
    with pytest.raises(IngestError, match=r"purchases/ds=2026-03-10/part-0\.csv has \d+ bytes, the manifest says"):
        landing.load()
    assert landing.rows("select count(*) from raw.purchases") == [(0,)]


@pytest.mark.parametrize(
    ("header", "row", "outcome"),
    [
        ("user_id,event_id,event_at,event_type", "1,e1,2026-03-10,install", "loaded"),  # swapped
        ("event_id,user_id,mood,event_type,event_at", "e1,1,glad,install,2026-03-10", "loaded"),  # added
        ("event_id,user_id,event_type", "e1,1,install", "without the required column event_at"),  # dropped
        (
            "event_id,user_id,event_type,time",
            "e1,1,install,2026-03-10",
            "without the required column event_at; it has the unknown 'time'",
        ),  # renamed
    ],
    ids=["swapped", "added", "dropped", "renamed"],
)
def test_a_header_is_read_by_name_or_the_file_is_refused_with_the_difference(
    landing: Landing, header: str, row: str, outcome: str
):
    landing.put("events", f"{header}\n{row}\n")
    landing.complete()
    landing.load()
    loaded = landing.rows("select event_id, user_id, event_type, event_at::date from raw.events")
    assert loaded == ([("e1", 1, "install", DAY)] if outcome == "loaded" else [])
    assert landing.rows("select coalesce(reason, state) from ops.landing_files") == [(outcome,)]


def test_bad_rows_below_the_threshold_are_kept_aside_each_with_its_line_and_column(landing: Landing):
    good = "".join(f"g{number},1,1,1,1,1,2026-03-10\n" for number in range(200))
    bad = (
        "b1,x,1,1,1,1,2026-03-10\n"
        "b2,1,1,1,1,1,2026-13-40\n"
        "b3,1,1,1,NaN,1,2026-03-10\n"
        "b4,1,1,1,1,1,03/04/2026\n"
        f"b5,{'9' * 3_000_000},1,1,1,1,2026-03-10\n"
    )
    landing.put("purchases", f"{PURCHASE}\n{good}{bad}")
    landing.complete()
    report = landing.load()
    assert (report.rows_loaded, report.rows_quarantined, report.blocked) == (200, 5, [])
    assert [(line, reason.split()[0]) for line, reason in landing.quarantine()] == [
        (202, "user_id"),
        (203, "purchased_at"),
        (204, "price_paid"),
        (205, "purchased_at"),
        (206, "user_id"),
    ]
    assert landing.rows("select max(length(raw_row)) > 3000000 from raw.quarantine") == [(True,)]


def test_rows_six_and_seven_days_late_are_healed_by_the_run_and_eight_days_are_beyond_the_window(landing: Landing):
    rows = [event(f"e{late}", DAY - timedelta(days=late)) for late in (6, 7, 8)]
    landing.put("events", f"{EVENT}\n{''.join(rows)}")
    landing.complete()
    report = landing.load()
    assert report.rows_loaded == 3
    assert landing.rows(
        "select rows_late, rows_beyond, earliest_beyond_day from ops.lateness_by_day where rows_late > 0"
    ) == [(2, 1, DAY - timedelta(days=8))]
    assert "reprocess --start 2026-03-02 --end 2026-03-10" in report.text()


def test_a_key_deleted_upstream_leaves_bronze_and_what_it_was_is_kept_for_the_build(landing: Landing):
    landing.put("events", EVENT + "\n" + event("stays", DAY) + event("goes", DAY))
    landing.complete()
    landing.load()
    landing.put("events", EVENT + "\n" + event("stays", DAY))
    landing.load()
    assert landing.rows("select event_id from raw.events") == [("stays",)]
    kept = [json.loads(text) for (text,) in landing.rows("select row_json from raw.superseded")]
    assert {row["event_id"] for row in kept} == {"stays", "goes"}


def test_a_day_emptied_upstream_is_empty_in_bronze(landing: Landing):
    landing.put("events", EVENT + "\n" + event("e1", DAY))
    landing.complete()
    landing.load()
    landing.put("events", EVENT + "\n")
    report = landing.load()
    assert landing.rows("select count(*) from raw.events") == [(0,)]
    assert report.warnings == ["events/ds=2026-03-10/part-0.csv has changed: its 1 rows were replaced by 0."]


def test_a_row_moved_to_another_landing_day_is_there_once_for_the_newest_load(landing: Landing):
    landing.put("events", EVENT + "\n" + event("moves", DAY))
    landing.complete()
    landing.load()
    landing.put("events", EVENT + "\n")
    landing.put("events", EVENT + "\n" + event("moves", NEXT), NEXT)
    landing.complete(NEXT)
    landing.load(end=NEXT)
    assert landing.rows("select event_id, _ds from raw.events") == [("moves", NEXT)]


def test_an_old_referral_that_converts_today_is_a_new_version_of_todays_load(landing: Landing):
    old = DAY - timedelta(days=60)
    landing.put("referrals", f"{REFERRAL}\n1,1,A,{old},sent\n", old)
    landing.complete(old)
    landing.load(end=old)
    landing.put("referrals", f"{REFERRAL}\n1,1,A,{old},converted\n")
    landing.complete()
    landing.load()
    assert landing.rows("select _ds, status, _load_id from raw.referrals order by _load_id") == [
        (old, "sent", 1),
        (DAY, "converted", 2),
    ]


LOADER_WITHOUT_SPACE = """
import resource, sys
from datetime import date
from pathlib import Path
from include.ingest.errors import IngestError
from include.ingest.load import load_days
from include.settings import Paths
day = date.fromisoformat(sys.argv[2])
# no file may grow beyond this: what a full disk does to a writer
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[3]), int(sys.argv[3])))
try:
    load_days(day, day, Paths(Path(sys.argv[1])))
except IngestError as error:
    print(error)
    sys.exit(7)
"""


@pytest.mark.parametrize("room", [0, 300_000])
def test_a_disk_without_space_fails_the_load_with_what_to_do_and_loses_nothing(landing: Landing, room: int):
    landing.put("events", EVENT + "\n" + event("before", DAY))
    landing.complete()
    landing.load()
    size = landing.paths.warehouse.stat().st_size
    rows = "".join(f"{number * 7919 % 1_000_003:x}-{number:x},{number},install,{NEXT}\n" for number in range(80_000))
    landing.put("events", f"{EVENT}\n{rows}", NEXT)
    landing.complete(NEXT)
    arguments = [str(landing.paths.root), str(NEXT), str(size + room)]
    failed = subprocess.run(
        [sys.executable, "-c", LOADER_WITHOUT_SPACE, *arguments], capture_output=True, text=True, check=False
    )
    assert failed.returncode == 7, failed.stdout + failed.stderr
    assert f"Landing day {NEXT} could not be written" in failed.stdout
    assert "is the disk full?" in failed.stdout
    assert landing.rows("select event_id from raw.events") == [("before",)]
    assert landing.rows("select count(*) from ops.landing_days") == [(1,)]
    assert landing.load(end=NEXT).rows_loaded == 80_000
