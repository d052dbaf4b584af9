"""A decision taken in the app: the file it becomes, and what a real load makes of it."""

# ruff: noqa: DTZ001 - raw holds UTC without an offset, and so do these tests

import csv
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from include.contracts import contract
from include.generator.landing import SIMULATOR, undelivered_days, write_day
from include.ingest.check import check
from include.ingest.errors import IngestError
from include.reviews import landing as reviews
from include.reviews.decision import DecisionRefused
from include.reviews.landing import DecisionNotKept, decide, decisions
from tests.ingest.landed import DAY, USER, Landing

AS_OF = datetime(2026, 3, 10)  # T, so that the landing day under way is DAY
NOW = datetime(2026, 3, 10, 14, 5, 6, 789)
NEXT_DAY = DAY + timedelta(days=1)
LOADED = "select case_id, decision, reason, reviewer, decided_at from raw.review_decisions order by decided_at, _file"


@pytest.fixture
def landing(tmp_path: Path) -> Landing:
    return Landing(tmp_path)


def take(landing: Landing, case: str = "group-1", verdict: object = "confirmed", clock: datetime = NOW, **more: object):
    told = {"reason": "three phones, one person", "reviewer": "Ann"} | more
    return decide(landing.paths, AS_OF, case, verdict, clock=clock, **told)


def files(landing: Landing) -> list[Path]:
    return sorted(landing.paths.landing.glob("review_decisions/ds=*/*"))


def day_with_manifest(landing: Landing, ds: date = DAY) -> None:
    """The source's delivery of the day; its manifest knows nothing of decisions."""
    landing.complete_with_manifest({landing.put("users", f"{USER}\n1,a@b.c,2026-01-01,parent\n", ds): 1}, ds)


def test_a_decision_comes_through_a_load_although_no_manifest_lists_it(landing: Landing):
    taken = take(landing, reason='"held" before,\r\n  now sure: =1+1 🎈')
    day_with_manifest(landing)
    report = landing.load()
    assert report.blocked == []
    assert landing.rows(LOADED) == [("group-1", "confirmed", '"held" before, now sure: =1+1 🎈', "Ann", NOW)]
    assert landing.rows(LOADED)[0] == tuple(vars(taken).values())
    assert landing.quarantine() == []


def test_the_file_has_the_columns_of_the_contract_and_is_whole_from_the_first_moment(landing: Landing):
    take(landing)
    (file,) = files(landing)
    with file.open(newline="") as opened:
        assert next(csv.reader(opened)) == [*contract("review_decisions").column_names]
    assert check(landing.paths.root).files[0].rows_loaded == 1


@pytest.mark.parametrize("damage", ["cut short", "altered", "emptied", "renamed"])
def test_a_damaged_decision_is_refused_by_name_the_rest_loads_and_nothing_is_published(landing: Landing, damage: str):
    take(landing)
    (file,) = files(landing)
    whole = file.read_bytes()
    match damage:
        case "cut short":
            file.write_bytes(whole[:-5])
        case "altered":
            file.write_bytes(whole.replace(b"confirmed", b"cleared"))
        case "emptied":
            file.write_bytes(b"")
        case "renamed":
            other = "0" if file.stem.endswith("1") else "1"
            file.rename(file.with_name(f"{file.stem[:-1]}{other}.csv"))
    assert decisions(landing.paths.landing, ()) == [], "nobody is told that it waits"
    day_with_manifest(landing)
    report = landing.load()
    assert landing.rows(LOADED) == []
    assert landing.rows("select count(*) from raw.users") == [(1,)]
    (blocked,) = report.blocked
    assert (blocked.table, blocked.ds) == ("review_decisions", DAY)
    assert "its bytes are not those that its name is the SHA-256 of" in report.text()
    assert files(landing)[0].name in report.text()


@pytest.mark.parametrize(("table", "name"), [("review_decisions", "extra.csv"), ("users", f"x.{'0' * 64}.csv")])
def test_any_other_file_still_must_be_in_the_manifest(landing: Landing, table: str, name: str):
    day_with_manifest(landing)
    landing.put(table, "", name=name)
    with pytest.raises(IngestError, match="present but not listed"):
        landing.load()


def test_a_decision_that_comes_late_or_twice_changes_nothing_else(landing: Landing):
    day_with_manifest(landing)
    landing.load()
    late = take(landing)
    (file,) = files(landing)
    assert file.parent.name == f"ds={NEXT_DAY}", "DAY is complete: the decision goes to the day after"
    moved = landing.paths.landing / "review_decisions" / f"ds={DAY}" / file.name
    moved.parent.mkdir(parents=True, exist_ok=True)
    moved.write_bytes(file.read_bytes())  # as if it had been written a moment before _SUCCESS, and seen a run later
    day_with_manifest(landing, NEXT_DAY)
    landing.load(end=NEXT_DAY)
    assert landing.rows(LOADED) == [tuple(vars(late).values())] * 2, "one decision: the case is its key"
    loads = landing.rows("select count(*) from ops.loads")
    landing.load(end=NEXT_DAY)
    assert landing.rows("select count(*) from ops.loads") == loads


def test_two_at_once_have_a_file_each_and_no_file_is_ever_changed(landing: Landing):
    with ThreadPoolExecutor(8) as reviewers:
        [*reviewers.map(lambda number: take(landing, f"user-{number}"), range(40))]
    before = {file: (file.read_bytes(), file.stat().st_ino) for file in files(landing)}
    assert len(before) == 40
    take(landing, "user-1", "cleared")
    assert {file: (file.read_bytes(), file.stat().st_ino) for file in files(landing) if file in before} == before


@pytest.mark.parametrize(
    ("clock", "decided_at"),
    [
        (NOW, NOW),
        (datetime(2026, 11, 29, 9), datetime(2026, 3, 10, 23, 59, 59, 999999)),
        (datetime(2025, 1, 1), datetime(2026, 3, 10)),
    ],
)
def test_the_moment_is_the_clocks_or_the_nearest_of_the_day_under_way(landing: Landing, clock, decided_at):
    assert take(landing, clock=clock).decided_at == decided_at


def test_of_two_decisions_at_one_moment_the_later_one_is_read_and_loaded_last(landing: Landing):
    far = datetime(2026, 11, 29, 9)
    take(landing, verdict="held", clock=far)
    take(landing, verdict="cleared", clock=far + timedelta(microseconds=1))
    assert [decision.decision for decision in decisions(landing.paths.landing, ())] == ["held", "cleared"]
    day_with_manifest(landing)
    landing.load()
    assert [row[1] for row in landing.rows(LOADED)] == ["held", "cleared"], "stg_review_decisions takes the last"


@pytest.mark.parametrize(
    ("told", "says"),
    [
        ({"reason": ""}, "Give a reason"),
        ({"reason": " \n\t "}, "Give a reason"),
        ({"reason": None, "reviewer": None}, "Give a reason. Give a reviewer's name"),
        ({"reason": "x" * 501}, "at most 500 fit"),
        ({"reason": "a\x00b"}, "cannot be printed"),
        ({"reason": "a\u202eb"}, "cannot be printed"),
        ({"reason": "\ud800"}, "cannot be printed"),
        ({"reviewer": "x" * 81}, "at most 80 fit"),
        ({"verdict": "guilty"}, "Choose a decision: confirmed, cleared, held"),
        ({"verdict": ["held"]}, "Choose a decision"),
        ({"reason": {"a": 1}, "reviewer": 7}, "Give a reason"),
    ],
)
def test_what_is_no_decision_is_told_in_words_and_leaves_no_file(landing: Landing, told: dict, says: str):
    with pytest.raises(DecisionRefused, match=says):
        take(landing, **told)
    assert files(landing) == []


def test_a_landing_zone_that_cannot_be_written_is_told_in_words(landing: Landing, monkeypatch: pytest.MonkeyPatch):
    (landing.paths.landing).parent.mkdir(parents=True, exist_ok=True)
    landing.paths.landing.write_text("in the way")
    with pytest.raises(DecisionNotKept, match="Nothing was decided"):
        take(landing)
    landing.paths.landing.unlink()
    monkeypatch.setattr(reviews, "make_durable", lambda _path: (_ for _ in ()).throw(OSError(28, "No space left")))
    with pytest.raises(DecisionNotKept, match="No space left"):
        take(landing)
    assert files(landing) == [], "no half of a file either"


def test_the_simulator_neither_lists_nor_removes_nor_stumbles_over_a_decision(landing: Landing):
    take(landing)
    (decided,) = files(landing)
    assert undelivered_days(landing.paths.landing, DAY, DAY) == [DAY]
    for _ in range(2):
        write_day(
            DAY, {"users": lambda part: part.write_text(f"{USER}\n") and 0}, landing.paths, SIMULATOR, "part-0.csv"
        )
    assert files(landing) == [decided]
    landing.load()
    assert landing.rows("select count(*) from raw.review_decisions") == [(1,)]
