"""What the client's engineers are given follows from the contract, and the ingest takes what it promises to take."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import jsonschema
import pytest

from include.contracts import contract
from include.contracts.event_contract import SCHEMAS, files, sample, schema
from include.contracts.event_types import EventType, event_types, metadata_keys
from tests.ingest.landed import Landing

EVENT_TYPES = {event.name: event for event in event_types()}


@pytest.fixture(params=EVENT_TYPES.values(), ids=EVENT_TYPES)
def event(request: pytest.FixtureRequest) -> EventType:
    return request.param


def errors(event: EventType, emitted: dict) -> list[str]:
    validator = jsonschema.Draft202012Validator(schema(event))
    return [error.message for error in validator.iter_errors(emitted)]


def test_event_types_and_metadata_keys_are_those_of_the_specification():
    event_types = (
        "install signup app_open onboarding_started onboarding_complete school_linked invite_sent invite_clicked"
        " referral_applied receipt_scan_started receipt_scan_submitted receipt_scan_completed receipt_scan_failed"
        " incentive_viewed reward_awarded reward_redeemed reward_withheld payment_method_added"
    )
    keys = (
        "device_id platform app_version channel is_reinstall referral_code school_id scan_id purchase_id"
        " failure_reason incentive_id payment_fingerprint reward_type amount_usd"
    )
    assert set(EVENT_TYPES) == set(event_types.split())
    assert set(metadata_keys()) == set(keys.split())
    assert metadata_keys()["reward_type"].values == ("referrer_bonus", "referred_bonus")


def test_every_metadata_key_is_sent_with_some_event_and_no_event_names_another():
    assert {name for event in event_types() for name in event.metadata} == set(metadata_keys())
    assert all(set(event.needed) <= set(event.metadata) for event in event_types())


def test_the_committed_page_and_schemas_are_those_of_the_contract():
    stale = [file.name for file, text in files().items() if not file.exists() or file.read_text() != text]
    assert stale == [], "write them anew: python -m include.contracts.event_contract"
    assert {file.name for file in SCHEMAS.glob("*")} == {f"{name}.schema.json" for name in EVENT_TYPES}


def test_the_sample_keeps_its_own_schema(event: EventType):
    jsonschema.Draft202012Validator.check_schema(schema(event))
    assert errors(event, sample(event)) == []
    assert list(sample(event)["metadata_json"]) == list(event.metadata)


def test_an_event_without_a_needed_key_or_of_another_type_breaks_the_schema(event: EventType):
    for key in event.needed:
        emitted = sample(event)
        del emitted["metadata_json"][key]
        assert errors(event, emitted) == [f"{key!r} is a required property"]
    for column in contract("events").required_names:
        assert errors(event, {name: value for name, value in sample(event).items() if name != column})
    assert errors(event, sample(event) | {"event_type": "something"})


def test_an_event_of_a_referral_names_it_by_its_id_or_its_code():
    applied = EVENT_TYPES["referral_applied"]
    emitted = sample(applied)
    del emitted["referral_id"]
    assert errors(applied, emitted) == []
    del emitted["metadata_json"]["referral_code"]
    assert errors(applied, emitted)


def test_ids_and_amounts_may_be_texts_and_reward_types_are_two():
    linked, awarded = EVENT_TYPES["school_linked"], EVENT_TYPES["reward_awarded"]
    assert errors(linked, sample(linked) | {"metadata_json": {"school_id": "12"}}) == []
    assert errors(linked, sample(linked) | {"metadata_json": {"school_id": "twelve"}})
    assert errors(awarded, sample(awarded) | {"metadata_json": {"reward_type": "third", "amount_usd": 5}})


def test_every_sample_of_the_page_loads(landing_of_samples: Landing):
    report = landing_of_samples.load()
    assert (report.rows_loaded, report.rows_quarantined) == (len(EVENT_TYPES), 0)
    kept = landing_of_samples.rows("select event_type, metadata_json from raw.events")
    assert {name: json.loads(text) for name, text in kept} == {
        name: sample(event)["metadata_json"] for name, event in EVENT_TYPES.items()
    }


@pytest.fixture
def landing_of_samples(tmp_path: Path) -> Landing:
    """The samples as a client's server would land them, taken from the page."""
    (page,) = [text for file, text in files().items() if file.suffix == ".md"]
    samples = [json.loads(line) for line in page.splitlines() if line.startswith("{")]
    text = io.StringIO()
    writer = csv.DictWriter(text, contract("events").column_names)
    writer.writeheader()
    for emitted in samples:
        writer.writerow(emitted | {"metadata_json": json.dumps(emitted["metadata_json"])})
    landing = Landing(tmp_path)
    landing.put("events", text.getvalue())
    landing.complete()
    return landing
