"""Quarantined rows judged again after the contract or the file was mended."""

from __future__ import annotations

import shutil
from datetime import timedelta
from pathlib import Path

import pytest

from include.contracts import model
from include.ingest.errors import IngestError
from include.ingest.replay import replay_quarantine
from include.pipeline import main
from include.warehouse import connect
from tests.ingest.landed import DAY, EVENT, REFERRAL, USER, Landing

OLD = DAY - timedelta(days=20)


@pytest.fixture
def contracts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """A copy of the contracts that a test may change."""
    folder = tmp_path / "contracts"
    shutil.copytree(model.FOLDER, folder)
    monkeypatch.setattr(model, "FOLDER", folder)
    model.contract.cache_clear()
    yield folder
    model.contract.cache_clear()


def widen(contracts: Path) -> None:
    """Let users be principals, too."""
    file = contracts / "users.yaml"
    text = file.read_text()
    assert "{value: supporter}" in text
    file.write_text(text.replace("{value: supporter}", "{value: supporter}, {value: principal}"))
    model.contract.cache_clear()


def deliver_principals(landing: Landing) -> None:
    for ds in (OLD, DAY):
        landing.put("users", f"{USER}\n1,a@b.c,2026-01-01,parent\n2,b@b.c,2026-01-01,principal\n", ds)
        landing.complete(ds)
        landing.load(end=ds)


def test_rows_that_a_wider_contract_takes_are_loaded_in_one_load_per_day(landing: Landing, contracts: Path):
    deliver_principals(landing)
    widen(contracts)
    report = replay_quarantine(landing.paths)
    assert landing.quarantine() == []
    assert landing.rows("select _ds, user_id, user_type, _load_id from raw.users order by all") == [
        (OLD, 1, "parent", 3),
        (OLD, 2, "principal", 3),
        (DAY, 1, "parent", 4),
        (DAY, 2, "principal", 4),
    ]
    assert landing.rows("select ds, load_id from ops.landing_days order by all") == [(OLD, 3), (DAY, 4)]
    assert landing.rows("select distinct state, rows_quarantined from ops.landing_files") == [("loaded", 0)]
    text = report.text()
    assert "2 records judged again, 0 are left" in text
    assert f"users, landing day {OLD}: 1 before, 0 now" in text
    assert text.endswith(f"python -m include.pipeline reprocess --start {OLD} --end {DAY}")


def test_what_is_judged_as_before_gets_no_load_and_changes_nothing(landing: Landing):
    landing.put("events", f"{EVENT}\ne1,1,install,2026-03-10\ne2,x,install,2026-03-10\n")
    landing.put("users", "gone\n")
    landing.complete()
    landing.load()
    before = landing.rows("from raw.quarantine order by all"), landing.rows("from ops.loads")
    report = replay_quarantine(landing.paths)
    assert (landing.rows("from raw.quarantine order by all"), landing.rows("from ops.loads")) == before
    assert "2 records judged again, 2 are left" in report.text()


def test_a_refused_file_that_was_mended_is_taken(landing: Landing):
    landing.put("users", "gone\n", OLD)
    landing.complete(OLD)
    assert len(landing.load(end=OLD).blocked) == 1
    landing.put("users", f"{USER}\n1,a@b.c,2026-01-01,parent\n", OLD)
    report = replay_quarantine(landing.paths)
    assert landing.rows("select user_id from raw.users") == [(1,)]
    assert report.loaded.blocked == []
    assert replay_quarantine(landing.paths).text().startswith("Nothing is in quarantine.")


def test_a_file_that_has_gone_keeps_its_quarantine_and_is_named(landing: Landing):
    file = landing.put("events", f"{EVENT}\ne2,x,install,2026-03-10\n")
    landing.complete()
    landing.load()
    file.unlink()
    assert "! events/ds=2026-03-10/part-0.csv is not in the landing zone" in replay_quarantine(landing.paths).text()
    assert len(landing.quarantine()) == 1


def test_a_file_that_no_longer_fits_its_manifest_stops_the_replay_before_anything_is_loaded(landing: Landing):
    file = landing.put("events", f"{EVENT}\ne2,x,install,2026-03-10\n")
    landing.complete_with_manifest({file: 1})
    landing.load()
    file.write_text(f"{EVENT}\ne2,1,install,2026-03-10\n")
    with pytest.raises(IngestError, match=r"part-0\.csv has"):
        replay_quarantine(landing.paths)
    assert len(landing.quarantine()) == 1


def test_a_replay_cut_off_between_two_days_loses_nothing_and_the_next_one_does_the_rest(
    landing: Landing, contracts: Path, monkeypatch: pytest.MonkeyPatch
):
    from include.ingest import replay

    deliver_principals(landing)
    widen(contracts)
    load_day, calls = replay.load_day, []

    def cut_off_at_the_second(*arguments):
        calls.append(arguments)
        if len(calls) == 2:
            raise KeyboardInterrupt
        return load_day(*arguments)

    monkeypatch.setattr(replay, "load_day", cut_off_at_the_second)
    with pytest.raises(KeyboardInterrupt):
        replay_quarantine(landing.paths)
    assert landing.rows("select ds from raw.quarantine") == [(DAY,)]
    monkeypatch.undo()
    model.contract.cache_clear()
    monkeypatch.setattr(model, "FOLDER", contracts)
    report = replay_quarantine(landing.paths)
    assert landing.quarantine() == []
    assert landing.rows("select count(*) from raw.users") == [(4,)]
    assert report.next_command == f"python -m include.pipeline reprocess --start {OLD} --end {DAY}"


def test_the_command_says_what_changed_and_what_to_run_next(
    landing: Landing, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.setenv("CARTON_DATA_DIR", str(landing.paths.root))
    landing.put("referrals", f"{REFERRAL}\n1,1,A,soon,sent\n")
    landing.complete()
    landing.load()
    landing.put("referrals", f"{REFERRAL}\n1,1,A,2026-03-10,sent\n")
    assert main(["quarantine", "replay"]) == 0
    printed = capsys.readouterr().out
    assert "referrals, landing day 2026-03-10: 1 before, 0 now" in printed
    assert "Next, bring it into the facts: python -m include.pipeline reprocess" in printed


def test_once_a_good_build_has_covered_the_load_there_is_nothing_to_run_next(landing: Landing):
    landing.put("events", f"{EVENT}\ne2,x,install,2026-03-10\n")
    landing.complete()
    landing.load()
    assert replay_quarantine(landing.paths).next_command is not None
    with connect(landing.paths) as con:
        con.execute(
            "insert into ops.builds values"
            " ('b', 'run', '2026-03-03', '2026-03-10', '2026-03-11', '2026-03-11', 1, 0, true, '2026-03-11')"
        )
        con.execute("insert into ops.build_nodes (build_id, unique_id, status) values ('b', 'a', 'pass')")
    assert replay_quarantine(landing.paths).next_command is None
