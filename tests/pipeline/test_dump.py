"""The author-style dump: it imports and loads whole, its oddities are reported by count, and it reaches the readers."""

from __future__ import annotations

from pathlib import Path

import pytest

from include.generator.importers import import_csv
from include.ingest.load import load_days
from include.pipeline import main
from include.settings import Paths
from include.status import status
from include.warehouse import connect
from tests.support.author_dump import AuthorDump, author_dump
from tests.support.gold import served


@pytest.fixture
def dump(tmp_path: Path) -> AuthorDump:
    return author_dump(tmp_path / "dump")


def test_the_dump_is_odd_in_every_way_it_is_meant_to_be(dump: AuthorDump):
    assert dump.missing_users == 10  # a sixth of 60
    assert dump.second_installs == 15  # each of the 15 referred users installs twice
    assert min(dump.orphan_events, dump.orphan_purchases, dump.orphan_referred, dump.events_before_signup) > 0
    assert (dump.folder / "events.csv").read_bytes().count(b"\r\n") == dump.rows["events"] + 1


def test_the_import_counts_the_oddities(dump: AuthorDump, paths: Paths):
    report = import_csv(dump.folder, dump.ds, paths)
    assert report.rows == dump.rows
    assert report.oddities == {
        "events: user is not in users.csv (an orphan; kept)": dump.orphan_events,
        "purchases: user is not in users.csv (an orphan; kept)": dump.orphan_purchases,
        "events: further install of the same user": dump.second_installs,
        "events: before the user's created_at": dump.events_before_signup,
    }


def test_the_load_takes_every_row_and_status_counts_the_orphans(dump: AuthorDump, paths: Paths):
    import_csv(dump.folder, dump.ds, paths)
    report = load_days(dump.ds, dump.ds, paths)
    assert (report.rows_loaded, report.rows_quarantined, report.blocked) == (sum(dump.rows.values()), 0, [])
    with connect(paths, read_only=True) as con:
        orphans = con.execute("select table_name, column_name, orphan_rows from ops.orphans order by all").fetchall()
        texts = con.execute("select count(*) from raw.events where metadata_json like '%\r%'").fetchall()
    assert orphans == [
        (table, column, count)
        for table, column, count in [
            ("events", "user_id", dump.orphan_events),
            ("purchases", "user_id", dump.orphan_purchases),
            ("referrals", "referred_user_id", dump.orphan_referred),
            ("referrals", "referrer_user_id", dump.orphan_referrers),
        ]
        if count
    ]
    assert texts == [(0,)]
    text = status(paths)
    assert f"! Orphans    {dump.orphan_events:,} events name" in text
    assert "rows landed more than 7 days late and are not in the facts" in text


@pytest.mark.slow
def test_the_dump_runs_to_publication_and_its_oddities_stay_visible(
    dump: AuthorDump, paths: Paths, capsys: pytest.CaptureFixture[str]
):
    day = str(dump.ds)
    assert main(["import-csv", str(dump.folder), "--ds", day]) == 0
    assert "further install of the same user" in capsys.readouterr().out
    assert main(["run", "--source", "landing", "--start", day, "--end", day]) == 0
    assert served(paths, "select count(*) from gold.fct_purchase") == [(dump.rows["purchases"],)]
    assert served(paths, "select count(*) from gold.dim_user") == [(dump.rows["users"],)]
    assert served(
        paths,
        "select count(*) from gold.fct_purchase where user_id not in (select user_id from gold.dim_user)",
    ) == [(dump.orphan_purchases,)]
    outcomes = dict(served(paths, "select rule_outcome, count(*) from gold.fct_referral group by 1"))
    assert sum(outcomes.values()) == dump.rows["referrals"]
    # a referred user who is not in users cannot be new
    assert outcomes["not_new"] >= dump.orphan_referred
    text = status(paths)
    assert "! Orphans" in text
    assert "! Build" not in text
    assert "! Late" not in text
