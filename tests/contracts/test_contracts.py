from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path

import jsonschema
import pytest
import yaml
from open_data_contract_standard.model import OpenDataContractStandard

from include import contracts
from include.contracts import TABLES, ContractError, contract
from include.contracts.model import parse

STANDARD = json.loads(OpenDataContractStandard.json_schema())
FILES = sorted(Path(contracts.__file__).parent.glob("*.yaml"))


def test_every_landed_table_has_one_contract_and_no_contract_is_without_a_table():
    assert {file.stem for file in FILES} == set(TABLES)
    assert len(TABLES) == 8


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_contract_files_keep_the_open_data_contract_standard(file: Path):
    # the model classes let an unknown key of a column pass; the standard's schema does not
    jsonschema.validate(yaml.safe_load(file.read_text()), STANDARD)


@pytest.mark.parametrize(
    ("table", "required", "optional"),
    [
        ("schools", "school_id name created_at", "address city state zip_code"),
        (
            "users",
            "user_id email created_at user_type",
            "first_name last_name school_id is_verified device_id payment_fingerprint marketing_channel",
        ),
        ("products", "product_id name category price points_per_dollar created_at", "description"),
        (
            "purchases",
            "purchase_id user_id product_id quantity price_paid points_earned purchased_at",
            "day_of_week hour_of_day",
        ),
        (
            "referrals",
            "referral_id referrer_user_id referral_code sent_at status",
            "referred_email referred_user_id converted_at channel",
        ),
        ("events", "event_id user_id event_type event_at", "referral_id metadata_json"),
        ("acquisition_spend", "spend_date marketing_channel amount_usd", ""),
    ],
)
def test_columns_are_those_of_the_specification(table: str, required: str, optional: str):
    assert contract(table).required_names == tuple(required.split())
    assert set(contract(table).column_names) == {*required.split(), *optional.split()}


def test_types_follow_the_grammar_of_the_landing_zone():
    types = {(table, column.name): column.type for table in TABLES for column in contract(table).columns}
    ids = {key: type_ for key, type_ in types.items() if key[1].endswith("_id")}
    texts = {key for key, type_ in ids.items() if type_ == "VARCHAR"}
    assert texts == {
        ("purchases", "purchase_id"),
        ("events", "event_id"),
        ("users", "device_id"),
        ("review_decisions", "case_id"),
    }
    assert set(ids.values()) == {"BIGINT", "VARCHAR"}
    assert types["purchases", "quantity"] == "BIGINT"
    assert types["purchases", "hour_of_day"] == types["schools", "zip_code"] == "VARCHAR"
    assert types["products", "price"] == types["purchases", "price_paid"] == "DECIMAL(12,2)"
    assert types["acquisition_spend", "amount_usd"] == "DECIMAL(12,2)"
    assert types["products", "points_per_dollar"] == types["purchases", "points_earned"] == "DECIMAL(12,4)"


def test_only_four_times_have_landing_bounds_and_no_created_at():
    bounded = {column.name for table in TABLES for column in contract(table).columns if column.is_event_time}
    assert bounded == {"event_at", "purchased_at", "sent_at", "converted_at"}


def test_events_and_purchases_append_and_all_else_upserts():
    assert {table for table in TABLES if contract(table).landing == "append"} == {"events", "purchases"}
    assert contract("acquisition_spend").key == ("spend_date", "marketing_channel")
    assert {table for table in TABLES if contract(table).optional_table} == {"acquisition_spend", "review_decisions"}


def test_minimums_and_values_are_those_of_the_specification():
    minimums = {
        (table, column.name): column.minimum
        for table in TABLES
        for column in contract(table).columns
        if column.minimum is not None
    }
    assert minimums == {
        ("products", "price"): Decimal(0),
        ("products", "points_per_dollar"): Decimal(0),
        ("purchases", "quantity"): Decimal(1),
        ("purchases", "price_paid"): Decimal(0),
        ("purchases", "points_earned"): Decimal(0),
        ("acquisition_spend", "amount_usd"): Decimal(0),
    }
    assert contract("users").column("user_type").enum == ("parent", "teacher", "supporter")
    assert contract("referrals").column("status").enum == ("sent", "clicked", "converted")
    assert contract("events").column("event_type").enum == ()  # an unknown type is kept and counted


def test_every_column_is_described():
    undescribed = [
        (table, column.name) for table in TABLES for column in contract(table).columns if not column.description
    ]
    assert undescribed == []


def test_an_unknown_table_is_refused_with_the_known_ones():
    with pytest.raises(ContractError, match=r"'orders'.*events.*users"):
        contract("orders")


def test_a_type_that_the_ingest_cannot_read_is_refused_by_column():
    document = OpenDataContractStandard.from_string(
        """
        id: shapes
        schema:
          - name: shapes
            customProperties: [{property: landing, value: upsert}]
            properties:
              - {name: outline, physicalType: GEOMETRY, primaryKey: true}
        """
    )
    with pytest.raises(ContractError, match="column outline: physicalType GEOMETRY"):
        parse(document)
