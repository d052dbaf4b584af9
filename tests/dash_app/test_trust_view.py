"""What the trust view shows: cases in words, decisions taken and pending, odd values from the browser."""

# ruff: noqa: DTZ001 - gold holds UTC without an offset, and so do these tests

import csv
import io
import json
import re
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

import duckdb
import pytest
from flask.testing import FlaskClient

from dash_app import trust_view
from dash_app.app import app
from dash_app.components import decision_form as form
from dash_app.components.trust_words import KEYS, NAMES, evidence, name, reasons
from dash_app.pages import trust_safety
from dash_app.pages.trust_safety import build, take
from dash_app.pending import pending
from dash_app.queries.snapshot import current
from dash_app.trust_view import TrustView
from include.build import DBT_PROJECT
from include.reviews.landing import decide
from include.settings import Paths
from tests.dash_app.snapshots import publish, together
from tests.dash_app.test_pages import body, every, words
from tests.dash_app.trust_rows import case_of, overdue, review_case, trust_signal

LAST = date(2026, 3, 31)
AS_OF = datetime(2026, 4, 1)
NOT_CHANGED = trust_safety.no_update

EVIDENCE = {
    "referrer_user_id": 1, "referred_user_id": 2, "shared_kind": "device", "shared_identifiers": 1,
    "is_invited_address": False, "shared_from": "2026-03-02 09:00:00", "applied_at": "2026-03-02 10:00:00",
}  # fmt: skip


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("CARTON_DATA_DIR", str(tmp_path))
    publish_cases(tmp_path)
    return tmp_path


def publish_cases(root: Path, build_id: str = "b1") -> Path:
    """Twelve open cases of $12 down to $1, one cleared, one of a mistake, with signals, clusters, rewards, rules."""
    about = {"case_id": "group-1", "evidence_json": json.dumps(EVIDENCE)}
    rows = {
        "fct_review_case": [
            *(review_case(number, str(13 - number), place=number) for number in range(1, 13)),
            review_case(20, "30", state="cleared", decision_reason="a family", decided_at=datetime(2026, 3, 9)),
            review_case(21, "2", place=13, case_kind="payment_error", reasons="improper_award"),
        ],
        "fct_trust_safety_signals": [
            trust_signal("referral|102", "self_referral_device", LAST, **about),
            trust_signal("referral|9", "overdue_reward", LAST, kind="owed"),
        ],
        "fct_trust_edge": [{"low_user_id": 2, "high_user_id": 3, "identifier_kind": "device", "cluster_id": 2}],
        "fct_trust_cluster": [
            {"cluster_id": 2, "users": 2, "linked_pairs": 1, "density": 1.0, "has_shared_device": True,
             "has_shared_payment": False, "has_shared_email": False, "first_linked_at": datetime(2026, 3, 2),
             "last_linked_at": datetime(2026, 3, 2), "applied_referrals": 2, "referral_usd": "10", "signals": 1,
             "is_suspicious": True},
        ],
        "fct_overdue_reward": [overdue(9, "system"), overdue(8, "user", missing_step="onboarding", age="3-7 d")],
        "fct_trust_rule": [
            {"signal_type": "self_referral_device", "kind": "abuse", "cases": 60, "cases_by_it_alone": 50,
             "cases_decided": 40, "cases_confirmed": 30, "amount_at_risk_usd": "99", "confirmed_usd": "9",
             "cleared_usd": "3"},
            {"signal_type": "velocity_burst", "kind": "abuse", "cases": 3, "cases_by_it_alone": 1, "cases_decided": 2,
             "cases_confirmed": 1, "amount_at_risk_usd": "9", "confirmed_usd": "0", "cleared_usd": "0"},
        ],
    }  # fmt: skip
    return publish(root, together(rows, case_of(1, 2, 3)), LAST, build_id)


def shown(**chosen: Any) -> str:
    return words(list(build(current(), {}, "light", chosen)))


def decided(case: str = "group-1", verdict: object = "confirmed", reason: object = "one person", by: object = "Ann"):
    return take(1, case, verdict, reason, by)


def landed(root: Path) -> list[Path]:
    return sorted((root / "landing").rglob("*.csv"))


@pytest.mark.parametrize(
    ("params", "view", "says"),
    [
        ({}, TrustView(), None),
        ({"case": "referral-7", "status": "held", "kind": "abuse", "page": "3"},
         TrustView("referral-7", "held", "abuse", 3), None),
        ({"period": "7d"}, TrustView(), None),
        ({"case": "' or 1=1 --"}, TrustView(), "is not the id of a case"),
        ({"case": "group-" + "9" * 40}, TrustView(), "is not the id of a case"),
        ({"status": "guilty"}, TrustView(), "it is one of open, news, held"),
        ({"kind": ["abuse"]}, TrustView(), "is not a value of “kind”"),
        ({"page": "-1"}, TrustView(), "is not a page"),
        ({"page": "0"}, TrustView(), "is not a page"),
        ({"page": "٣"}, TrustView(), "is not a page"),
        ({"page": {"a": 1}}, TrustView(), "is not a page"),
        (None, TrustView(), None),
        ("case=group-1", TrustView(), None),
        (7, TrustView(), None),
    ],
)  # fmt: skip
def test_a_link_gives_a_view_whatever_it_holds(params: object, view: TrustView, says: str | None) -> None:
    asked, notices = trust_view.parse(params)
    assert asked == view
    assert says in " ".join(notices) if says else notices == []
    assert trust_view.parse(asked.to_params()) == (asked, [])


def test_the_first_case_of_the_queue_is_open_unless_the_link_names_another(root: Path) -> None:
    assert "Case group-1: $12.00 at risk" in shown()
    assert "Case group-4: $9.00 at risk" in shown(case="group-4")
    assert "There is no case group-99 in the newest build." in shown(case="group-99")
    assert "Cleared 9 Mar 2026: “a family”." in shown(case="group-20")
    assert "Case group-20" in shown(status="cleared")


def test_the_queue_is_turned_page_by_page_and_a_page_too_far_is_the_last(root: Path) -> None:
    assert "1 to 8 of 13 cases" in shown()
    assert "9 to 13 of 13 cases" in shown(page="2")
    assert "9 to 13 of 13 cases" in shown(page="99999")
    assert "No case is here: held, kind all." in shown(status="held")
    assert "Choose a case in the queue." in shown(status="held")


def test_numbers_say_what_they_are_made_of(root: Path) -> None:
    told = shown()
    assert "13 cases wait for a decision, $80.00 at risk: about $40.00 of it is probably not owed." in told
    assert "0% to 79% 0 of 1 decided cases: too few for a rate" in told
    assert "1 reward late by us, $5.00" in told
    assert "30 of 40 decided cases (75.0%)" in told
    assert "1 of 2 decided cases: too few for a rate, 9% to 91%" in told


def test_what_was_seen_is_a_sentence_without_any_identifier(root: Path) -> None:
    assert (
        "User 1 and user 2, whom they invited, were both seen with 1 common device, since 2 Mar 2026 09:00 UTC; "
        "the code was applied 2 Mar 2026 10:00 UTC." in shown()
    )


@pytest.mark.parametrize(
    ("signal_type", "seen", "says"),
    [
        ("self_referral_email", EVIDENCE | {"is_invited_address": True, "applied_at": None},
         "User 1 and user 2 are one person by the invited address; the code was not applied."),
        ("shared_payment_cluster", {"shared_kind": "payment", "newcomers_who_share": 3, "first_two_at": None},
         "3 newcomers of one referrer share a payment method with each other or with the referrer; the second came "
         "(not known)."),
        ("minimum_effort_ring", {"newcomers": 13, "silent_newcomers": 12, "usual_silent_share": 0.066,
                                 "chance_after_all_comparisons": 0.0},
         "12 of 13 newcomers linked a school, did nothing else and were never seen again; usual is 6.6%. By luck "
         "alone: under 1 in 10,000."),
        ("circular_referral", {"people_in_ring": [7, 8, 9], "silent_newcomers": 3, "newcomers_judged": 3},
         "Invitations go round: 7 → 8 → 9 → 7. Closed (not told); 3 of 3 newcomers judged were never seen again."),
        ("duplicate_award", {"entries": 1, "amount_usd": 5.0, "first_entry_at": "2026-03-01 00:00:00"},
         "1 award too many, $5.00; the first 1 Mar 2026 00:00 UTC."),
        ("improper_award", {"rule_outcome": "outside_window", "awarded_at": "x"},
         "Awarded x, although the code came after 48 hours."),
        ("of_a_later_build", {"newcomers": 3, "some_new_fact": True}, "newcomers: 3; some new fact: True."),
    ],
)  # fmt: skip
def test_evidence_reads_as_a_sentence(signal_type: str, seen: dict, says: str) -> None:
    assert evidence(signal_type, json.dumps(seen)) == says


@pytest.mark.parametrize("broken", [None, "", "{", "[]", "7", "null", float("nan"), '{"chance_after_all": {}}'])
def test_evidence_that_cannot_be_read_breaks_nothing(broken: object) -> None:
    for signal_type in (*NAMES, "unknown_type"):
        assert evidence(signal_type, broken)


def test_every_type_and_every_fact_of_the_warehouse_has_words() -> None:
    points = csv.DictReader((DBT_PROJECT / "seeds" / "trust_points.csv").read_text().splitlines())
    assert {row["signal_type"] for row in points} == {*NAMES}
    models = "".join(file.read_text() for file in (DBT_PROJECT / "models" / "intermediate" / "trust").glob("*.sql"))
    documents = re.findall(r"json_document\(\{(.*?)\}\)", models, re.DOTALL)
    assert {key for document in documents for key in re.findall(r"^\s*'(\w+)':", document, re.MULTILINE)} == {*KEYS}
    assert reasons("velocity_burst, duplicate_award") == "Burst of newcomers who left; paid twice"
    assert name("something_new") == "something new"


def test_a_decision_is_appended_and_pending_until_a_build_knows_it(root: Path) -> None:
    message, news = decided(reason="  three phones,\n one person ")
    assert "Recorded: group-1 confirmed, “three phones, one person”" in words(message)
    assert news["case_id"] == "group-1"
    (file,) = landed(root)
    assert file.parent.name == "ds=2026-04-01", "the day after the last published one is under way"
    told = shown()
    assert told.count("confirmed, pending until the next run") == 2, "in the queue and in the case"
    assert "1 decision pending until the next run" in told
    assert "confirmed, pending until the next run  “three phones, one person” (Ann)" in told

    decided(verdict="held", reason="wait for April")
    assert pending(current())["group-1"].decision == "held", "the newest one counts"
    assert "held, pending until the next run" in shown()

    published = publish_cases(root, "b2")
    with duckdb.connect(str(published)) as con:
        con.executemany(
            "insert into ops.landing_files (table_name, ds, file_name, state)"
            " values ('review_decisions', '2026-04-01', ?, 'loaded')",
            [[file.name] for file in landed(root)],
        )
    assert pending(current()) == {}
    assert "held, pending" not in shown()


@pytest.mark.parametrize(
    ("told", "says"),
    [
        ({"reason": ""}, "Give a reason."),
        ({"reason": None, "by": None}, "Give a reason. Give a reviewer's name."),
        ({"verdict": None}, "Choose a decision"),
        ({"verdict": {"value": "held"}}, "Choose a decision"),
        ({"reason": "x" * 600}, "at most 500"),
        ({"reason": "a\x07b"}, "cannot be printed"),
        ({"reason": ["a"]}, "Give a reason."),
        ({"case": "group-99"}, "This case is not in the newest build."),
        ({"case": "../../etc"}, "This case is not in the newest build."),
        ({"case": 7}, "This case is not in the newest build."),
        ({"case": None}, "This case is not in the newest build."),
    ],
)
def test_what_cannot_be_decided_is_told_and_nothing_is_drawn_anew(root: Path, told: dict, says: str) -> None:
    message, news = decided(**told)
    assert says in words(message)
    assert news is NOT_CHANGED, "the form stays as it is"
    assert landed(root) == []


def test_a_landing_zone_that_cannot_be_written_is_told(root: Path) -> None:
    (root / "landing").write_text("in the way")
    message, news = decided()
    assert "The decision could not be written" in words(message)
    assert "what you typed is still here" in words(message)
    assert news is NOT_CHANGED


def test_a_form_that_is_only_put_on_the_page_decides_nothing(root: Path) -> None:
    assert take(None, "group-1", "held", "r", "Ann") == (NOT_CHANGED, NOT_CHANGED)
    assert landed(root) == []


def test_a_damaged_or_foreign_file_is_not_shown_as_pending(root: Path) -> None:
    decide(Paths(root), AS_OF, "group-1", "held", "r", "Ann")
    (file,) = landed(root)
    file.write_bytes(file.read_bytes()[:-3])
    (file.parent / "by-hand.csv").write_text("case_id,decision,decided_at\ngroup-2,held,2026-04-01\n")
    assert pending(current()) == {}


@pytest.mark.parametrize("held", ["group-1", 7, [], {"case": {"a": []}, "page": [1]}, {"status": None}])
def test_a_browser_that_holds_anything_else_still_gets_a_page(root: Path, held: Any) -> None:
    assert "Case group-1" in words(list(build(current(), {}, "light", held)))
    assert trust_safety.draw_queue(held, held)
    assert trust_safety.update(held, None, "neon", held, held)
    assert trust_safety.draw_decision(held, held)
    assert trust_safety.draw_case(held, {"case": "group-4"}, held, "neon")


def test_the_same_page_for_a_client_without_any_case(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CARTON_DATA_DIR", str(tmp_path))
    publish(tmp_path, {}, LAST)
    told = words(body("trust"))
    for sentence in (
        "No case is open.",
        "No case is here: open, kind all.",
        "No two accounts share a device",
        "No reward has been pending",
        "No case has a signal yet.",
        "No signal was completed from",
    ):
        assert sentence in told


def test_files_follow_the_case_and_the_queue_that_are_shown(root: Path) -> None:
    client: FlaskClient = app.server.test_client()

    def rows(address: str) -> list[dict[str, str]]:
        return [*csv.DictReader(io.StringIO(client.get(address).text))]

    links = {
        getattr(part, "href", "") or "" for part in every(list(build(current(), {}, "light", {"case": "group-1"})))
    }
    of_case = {link.split("/")[-1].split(".")[0]: link for link in links if "case=group-1" in link}
    assert {*of_case} == {"trust-case-people", "trust-case-signals", "trust-case-referrals"}
    assert [row["user_id"] for row in rows(of_case["trust-case-people"])] == ["1", "2", "3"]
    assert [row["referral_id"] for row in rows(of_case["trust-case-referrals"])] == ["102", "103"]
    assert json.loads(rows(of_case["trust-case-signals"])[0]["evidence_json"]) == EVIDENCE
    assert len(rows("/export/trust-queue.csv")) == 13
    assert [row["case_id"] for row in rows("/export/trust-queue.csv?status=cleared")] == ["group-20"]
    refused = client.get("/export/trust-queue.csv?status=x")
    assert refused.status_code == 400
    assert "is not a value of “status”" in refused.text


def test_the_form_belongs_to_the_case_that_is_shown(root: Path) -> None:
    def ids(**chosen: str) -> Iterator[Any]:
        return (
            part for part in every(list(build(current(), {}, "light", chosen))) if getattr(part, "id", "") == form.CASE
        )

    assert [part.data for part in ids(case="group-4")] == ["group-4"]
    assert [part.data for part in ids(case="group-99")] == []
