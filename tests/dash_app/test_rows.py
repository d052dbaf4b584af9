"""The rows behind a number add up to it: on a world that was simulated, loaded, built and published."""

from __future__ import annotations

import csv
import io
from datetime import date
from pathlib import Path

import pytest

from dash_app import exports
from dash_app.app import app
from dash_app.filters import Filters, parse
from dash_app.queries import executive, finance, network, product, referral, trust_signals
from dash_app.queries.coverage import bounds
from dash_app.queries.rows import BEHIND, behind, totals
from dash_app.queries.snapshot import Snapshot, current
from tests.support.simulated import published_world

pytestmark = pytest.mark.slow
FIRST, LAST = date(2026, 1, 1), date(2026, 3, 20)
LINKS = [
    {},
    {"period": "all"},
    {"period": "90d", "user_type": "parent"},
    {"from": "2026-02-03", "to": "2026-02-20", "channel": "organic", "fraud": "out"},
]


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A quarter of a small world, published."""
    return published_world(tmp_path_factory.mktemp("world"), 400, FIRST, LAST).root


@pytest.fixture
def snapshot(root: Path, monkeypatch: pytest.MonkeyPatch) -> Snapshot:
    monkeypatch.setenv("CARTON_DATA_DIR", str(root))
    return current()


@pytest.fixture(params=LINKS, ids=str)
def filters(request: pytest.FixtureRequest, snapshot: Snapshot) -> Filters:
    covered = bounds(snapshot)
    school = next(iter(covered.schools)) if request.param == LINKS[1] else None
    filters, notices = parse(request.param | ({"school": school} if school else {}), covered)
    assert notices == []
    return filters


def test_the_executive_view_counts_its_rows(snapshot: Snapshot, filters: Filters) -> None:
    numbers = executive.kpis(snapshot, filters, bounds(snapshot))
    bought = behind("executive-raised", snapshot, filters)
    assert bought["amount_raised_usd"].sum() == pytest.approx(numbers["raised"], abs=1e-9)
    assert (len(bought), bought["purchase_id"].nunique()) == (numbers["purchases"], numbers["purchases"])
    asked = (snapshot, filters, bounds(snapshot))
    for figure in (executive.trend(*asked), executive.schools(*asked), executive.states(*asked)):
        assert figure["amount_raised_usd"].sum() == pytest.approx(bought["amount_raised_usd"].sum(), abs=1e-9)
        assert figure["purchases"].sum() == len(bought)
    for name, number in (("supporters", "supporters"), ("new-users", "new_users"), ("referrals", "referrals")):
        rows = behind(f"executive-{name}", snapshot, filters)
        assert len(rows) == numbers[number], name
        assert rows[rows.columns[0]].is_unique


def test_the_product_view_counts_its_rows(snapshot: Snapshot, filters: Filters) -> None:
    steps = product.onboarding(snapshot, filters, bounds(snapshot)).set_index("step")["reached"]
    assert len(behind("product-onboarding", snapshot, filters)) == steps.get("signed_up", 0)
    asked = (snapshot, filters, bounds(snapshot))
    activation, people = product.activation(*asked), behind("product-activated", snapshot, filters)
    assert (len(people), people["is_activated"].sum()) == (activation["users"], activation["activated"])
    weeks = product.retention(*asked)
    fourth = weeks[(weeks["week_number"] == 4) & weeks["is_mature"]]
    people = behind("product-retained", snapshot, filters)
    assert len(people) == fourth["mature_users"].sum()
    assert people["is_retained"].sum() == fourth["retained_users"].sum()
    scans, attempts = product.scans(*asked), behind("product-scans", snapshot, filters)
    assert len(attempts) == scans["attempts"]
    assert (attempts["outcome"] == "completed").sum() == scans["completed"]
    assert attempts["submitted_at"].notna().sum() == scans["submitted"]
    by = product.onboarding_by(*asked)
    assert {*by.groupby("split")["signed_up"].sum()} <= {steps.get("signed_up", 0)}
    failed = behind("product-failures", snapshot, filters)
    assert len(failed) == product.failures(*asked)["failed_attempts"].sum()


def test_the_network_view_counts_its_rows(snapshot: Snapshot, filters: Filters) -> None:
    of_60 = network.k(snapshot, filters, bounds(snapshot)).set_index("window_days").loc[60]
    people = behind("network-k", snapshot, filters)
    assert (len(people), people["new_users_in_60_days"].sum()) == (of_60["mature_users"], of_60["offspring"])


def test_the_referral_view_counts_its_rows(snapshot: Snapshot, filters: Filters) -> None:
    asked = (snapshot, filters, bounds(snapshot))
    sent, steps = referral.sent(*asked), referral.funnel(*asked).set_index("step")["reached"]
    assert len(behind("referral-sent", snapshot, filters)) == sent["sent"]
    applied = behind("referral-applied", snapshot, filters)
    assert (len(applied), applied["is_within_48h"].sum()) == (sent["applied"], sent["applied_in_time"])
    assert len(behind("referral-funnel", snapshot, filters)) == steps.get("sent", 0)
    assert referral.conversion(*asked)["sent"] == steps.get("sent", 0) == referral.channels(*asked)["sent"].sum()
    endings = referral.endings(*asked).set_index(["rule_outcome", "award_state"])["referrals"]
    counted = behind("referral-endings", snapshot, filters).groupby(["rule_outcome", "award_state"]).size()
    assert counted.to_dict() == endings.to_dict()


def test_the_ledger_and_the_signals_count_their_rows(snapshot: Snapshot, filters: Filters) -> None:
    asked = (snapshot, filters, bounds(snapshot))
    entries = behind("finance-ledger", snapshot, filters)
    flows, ledger = finance.flows(*asked), finance.roll_forward(*asked)
    for kind in ("awarded", "redeemed", "withheld"):
        told = entries.loc[entries["entry_type"] == kind, "counted_usd"].abs().sum()
        assert told == pytest.approx(flows[f"{kind}_usd"].sum()), kind
    moved = ledger["closing_usd"].sum() - ledger["opening_usd"].sum()
    assert entries["counted_usd"].sum() == pytest.approx(moved)
    signals = behind("trust-signals", snapshot, filters)
    for figure in (trust_signals.by_type(*asked), trust_signals.by_week(*asked)):
        assert len(signals) == figure["signals"].sum()


def test_a_whole_history_leaves_no_list_empty(snapshot: Snapshot) -> None:
    filters, _ = parse({"period": "all"}, bounds(snapshot))
    assert [name for name in BEHIND if behind(name, snapshot, filters).empty] == []


@pytest.mark.parametrize("name", BEHIND)
def test_the_list_says_what_it_adds_up_to_and_its_file_has_every_row(snapshot: Snapshot, name: str) -> None:
    client = app.server.test_client()
    filters, _ = parse({"period": "90d"}, bounds(snapshot))
    page = client.get(f"/rows/{name}?period=90d")
    rows = behind(name, snapshot, filters)
    assert page.status_code == 200
    assert f"{len(rows):,} " in page.text
    assert page.text.count("<tr>") == min(len(rows), 500) + 1
    assert totals(name, snapshot, filters).sums == pytest.approx({one: rows[one].sum() for one in BEHIND[name].sums})
    assert [*behind(name, snapshot, filters, 20)[rows.columns[0]]] == [*rows[rows.columns[0]].head(20)]
    file = client.get(f"/export/{exports.rows_of(name)}.csv?period=90d")
    assert len([*csv.DictReader(io.StringIO(file.text))]) == len(rows)
