"""The health of the pipeline as a person reads it: each state is made, and its line and command are looked for."""

from __future__ import annotations

from datetime import timedelta

import duckdb
import pytest

from include.errors import CartonCapsError
from include.housekeeping.back_up import back_up
from include.housekeeping.limits import load_limits
from include.status import status
from include.warehouse import connect
from tests.ingest.landed import DAY, EVENT, PURCHASE, USER, Landing

RUN = "python -m include.pipeline run --source landing --start 2026-03-10 --end 2026-03-10"
REPLAY = "python -m include.pipeline quarantine replay"


@pytest.fixture
def landing(tmp_path) -> Landing:
    landing = Landing(tmp_path)
    landing.put("users", f"{USER}\n1,a@b.c,2026-01-01,parent\n")
    landing.complete()
    with connect(landing.paths):
        pass
    back_up(landing.paths, load_limits())  # that there is none yet is shown in tests/housekeeping
    return landing


def built(landing: Landing, load_id: int, node_status: str = "pass", window_start: str = "2026-03-03") -> None:
    with connect(landing.paths) as con:
        con.execute(
            "insert into ops.builds"
            " select ?, 'run', ?, '2026-03-10', '2026-03-11', '2026-03-11', ?, 0, false,"
            " timestamp '2026-03-11' + to_hours(count(*)) from ops.builds",
            [f"build-{load_id}-{node_status}", window_start, load_id],
        )
        con.execute(
            "insert into ops.build_nodes (build_id, unique_id, status) values (?, 'a', ?)",
            [f"build-{load_id}-{node_status}", node_status],
        )


def attention(landing: Landing) -> list[str]:
    """The lines before those that say what is there."""
    return status(landing.paths).split("Data root")[0].splitlines()


def test_a_sound_pipeline_wants_no_attention_and_says_what_it_has(landing: Landing):
    landing.load()
    built(landing, 1)
    with connect(landing.paths) as con:
        con.execute("insert into ops.publications values ('build-1-pass', 'gold-1.duckdb', '2026-03-11 02:03', now())")
    assert attention(landing) == []
    lines = status(landing.paths).splitlines()
    assert lines[1] == "Loaded      1 landing days, 2026-03-10 .. 2026-03-10: 1 files, 1 rows"
    assert lines[2].startswith("Last load   1: day 2026-03-10 at 20")
    assert lines[3] == "Last build  build-1-pass, as of 2026-03-11 00:00:00; 0 warnings"
    assert lines[4] == "Published   gold-1.duckdb at 2026-03-11 02:03 UTC"


def test_users_who_do_not_say_whether_they_are_verified_are_counted_by_their_newest_row(landing: Landing):
    header = f"{USER},is_verified"
    landing.put("users", f"{header}\n1,a@b.c,2026-01-01,parent,1\n2,b@b.c,2026-01-01,parent,1\n", name="x.csv")
    landing.put(
        "users",
        f"{header}\n1,a@b.c,2026-01-01,parent,\n2,b@b.c,2026-01-01,parent,\n3,c@b.c,2026-01-01,parent,0\n",
        name="y.csv",
    )
    landing.load()
    assert "Verified    2 of 3 users do not say: they count as verified" in status(landing.paths)


def test_loads_that_no_good_build_has_covered_name_the_run_that_does(landing: Landing):
    landing.load()
    assert attention(landing) == [f"! Build      nothing has been built yet: {RUN}"]
    built(landing, 1, "fail")
    assert attention(landing) == [f"! Build      build build-1-fail is not good: 1 nodes failed or did not run: {RUN}"]
    built(landing, 1, "pass")
    landing.put("users", f"{USER}\n2,a@b.c,2026-01-01,parent\n")
    landing.load()
    built(landing, 1, "warn")
    assert attention(landing) == [f"! Build      loads are in no build yet: {RUN}"]


def test_a_blocked_delivery_names_its_reason_and_the_command_that_accepts_it(landing: Landing):
    landing.put("users", "gone\n")
    landing.load()
    built(landing, 1)
    lines = attention(landing)
    assert lines[0].startswith("! Blocked    users:2026-03-10: 1 refused file: part-0.csv: without the required column")
    assert lines[1] == f"             publish all the same: {RUN} --accept-quarantine users:2026-03-10"
    assert lines[2].startswith("! Refused    users/ds=2026-03-10/part-0.csv: without")
    assert lines[3].endswith(REPLAY)
    landing.load(accept=["all"])
    assert not any(line.startswith("! Blocked") for line in attention(landing))


def test_days_that_never_landed_are_named_as_runs(landing: Landing):
    landing.load()
    later = DAY + timedelta(days=3)
    landing.complete(later)
    landing.load(end=later)
    built(landing, 2)
    assert attention(landing) == [
        "! Missing    2026-03-11 .. 2026-03-12 (2 days) have not landed; once they have: "
        "python -m include.pipeline reprocess --start 2026-03-11 --end 2026-03-13"
    ]


def test_rows_beyond_the_window_want_a_reprocess_until_a_build_has_taken_them_in(landing: Landing):
    landing.put("events", f"{EVENT}\ne1,1,install,2026-02-01\ne2,1,install,2026-02-02\n")
    landing.load()
    built(landing, 1)
    assert attention(landing) == [
        "! Late       2 rows landed more than 7 days late and are not in the facts: "
        "python -m include.pipeline reprocess --start 2026-02-01 --end 2026-03-10"
    ]
    built(landing, 1, "warn", window_start="2026-02-01")
    assert attention(landing) == []


def test_an_older_day_that_changed_names_the_command_that_loads_it(landing: Landing):
    landing.load()
    later = DAY + timedelta(days=9)
    for offset in range(1, 10):
        landing.complete(DAY + timedelta(days=offset))
    landing.load(DAY, later)
    landing.put("users", f"{USER}\n1,new@b.c,2026-01-01,parent\n")
    landing.load(end=later)
    built(landing, 10)
    assert attention(landing) == [
        "! Changed    2026-03-10 .. 2026-03-10: older landing days, not as loaded: "
        "python -m include.pipeline reprocess --start 2026-03-10 --end 2026-03-10"
    ]


def test_quarantine_is_summed_by_table_day_and_reason_and_only_the_top_is_shown(landing: Landing):
    reasons = [
        "x,install,2026-03-10",
        "1,,2026-03-10",
        "1,install,soon",
        "1,install,2031-01-01",
        "1,install,1970-01-01",
    ]
    rows = [f"e{number}-{again},{row}\n" for number, row in enumerate(reasons) for again in range(5 - number)]
    landing.put("events", f"{EVENT}\n{''.join(rows)}e9,1\n")
    landing.load(accept=["all"])
    built(landing, 1)
    lines = attention(landing)
    assert lines[0] == "! Quarantine events:2026-03-10: 5 x user_id is not a whole number"
    assert len(lines) == 7
    assert lines[5] == "             and 1 more tables, days and reasons; see raw.quarantine"
    assert lines[6] == f"             after mending the files or the contract: {REPLAY}"


def test_orphans_and_drift_are_named_by_table(landing: Landing):
    landing.put("events", f"{EVENT},mood\ne1,404,install,2026-03-10,glad\n")
    landing.put("purchases", f"{PURCHASE}\np1,1,404,1,1,1,2026-03-10\n")
    landing.load()
    built(landing, 1)
    assert attention(landing) == [
        "! Orphans    1 events name 1 users (user_id) that have never landed",
        "! Orphans    1 purchases name 1 products (product_id) that have never landed",
        f"             let the source deliver them, then: {RUN}",
        "! Drift      events carries mood since 2026-03-10",
        "             to take one in, name it in include/contracts/<table>.yaml; try: "
        "python -m include.pipeline check DIR",
    ]


def test_events_of_the_programme_that_belong_to_no_referral_are_counted(landing: Landing):
    landing.load()
    with connect(landing.paths) as con:
        con.execute("create schema if not exists silver")
        con.execute("create table silver.stg_referrals as select 7 as referral_id")
        con.execute("create table silver.int_referral_events as select unnest([7, 7, 8, null]) as referral_id")
    assert "Referrals   2 of 4 events of the programme belong to no referral" in status(landing.paths).splitlines()


def test_the_most_urgent_comes_first(landing: Landing):
    landing.put("users", "gone\n")
    landing.put("events", f"{EVENT},mood\ne1,404,install,2026-01-10,glad\ne2,x,install,2026-03-10,\n")
    landing.load()
    kinds = [line.split()[1] for line in attention(landing) if line.startswith("!")]
    assert kinds == ["Blocked", "Build", "Refused", "Late", "Quarantine", "Orphans", "Drift"]


def test_an_empty_data_root_says_how_to_begin(tmp_path):
    assert "python -m include.pipeline run --start" in status(Landing(tmp_path / "empty").paths)


def test_a_warehouse_of_an_older_version_says_what_brings_it_up_to_date(landing: Landing):
    landing.load()
    with duckdb.connect(str(landing.paths.warehouse)) as con:
        con.execute("drop view ops.orphans")
    with pytest.raises(CartonCapsError, match="next load brings it up to date"):
        status(landing.paths)
