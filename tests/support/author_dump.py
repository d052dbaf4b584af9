"""A dump in the manner of the author's public generator, oddities included, in small and without chance.

A sixth of the users is missing from users.csv, a referred user installs twice, some events happened before the sign-up,
line ends are CRLF.
"""

from __future__ import annotations

import csv
import json
from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

Row = dict[str, Any]
FIRST_DAY = datetime(2026, 1, 5, 9)  # noqa: DTZ001 - files carry UTC without an offset


@dataclass(frozen=True)
class AuthorDump:
    """The folder, the landing day that takes all of it, and how often each oddity is in it."""

    folder: Path
    ds: date
    rows: dict[str, int]
    missing_users: int
    orphan_events: int
    orphan_purchases: int
    orphan_referrers: int
    orphan_referred: int
    second_installs: int
    events_before_signup: int


def author_dump(folder: Path, users: int = 60, days: int = 40) -> AuthorDump:
    """Write schools.csv .. events.csv into ``folder``; the same arguments give the same files."""
    everyone = [_user(number, days) for number in range(1, users + 1)]
    missing = {user["user_id"] for user in everyone if user["user_id"] % 6 == 0}
    created = {user["user_id"]: user["created_at"] for user in everyone}
    referrals, events = _referrals(everyone, days)
    events += [event for user in everyone for event in _habits(user, days)]
    purchases = [_purchase(user, number, days) for user in everyone for number in range(user["user_id"] % 4)]
    tables = {
        "schools": [_school(number) for number in range(1, 5)],
        "users": [user for user in everyone if user["user_id"] not in missing],
        "products": [_product(number) for number in range(1, 7)],
        "purchases": purchases,
        "referrals": referrals,
        "events": events,
    }
    folder.mkdir(parents=True, exist_ok=True)
    for table, rows in tables.items():
        _write(folder / f"{table}.csv", rows)
    installs = Counter(event["user_id"] for event in events if event["event_type"] == "install")
    return AuthorDump(
        folder=folder,
        ds=(FIRST_DAY + timedelta(days=days)).date(),
        rows={table: len(rows) for table, rows in tables.items()},
        missing_users=len(missing),
        orphan_events=sum(event["user_id"] in missing for event in events),
        orphan_purchases=sum(purchase["user_id"] in missing for purchase in purchases),
        orphan_referrers=sum(referral["referrer_user_id"] in missing for referral in referrals),
        orphan_referred=sum(referral["referred_user_id"] in missing for referral in referrals),
        second_installs=sum(count - 1 for count in installs.values()),
        events_before_signup=sum(
            event["event_type"] != "install"
            and event["user_id"] not in missing
            and event["event_at"] < created[event["user_id"]]
            for event in events
        ),
    )


def _user(number: int, days: int) -> Row:
    return {
        "user_id": number,
        "email": f"user{number}@example.org",
        "created_at": FIRST_DAY + timedelta(days=number * 7 % (days - 10), hours=number % 9),
        "user_type": ("parent", "teacher", "supporter")[number % 3],
        "first_name": f"First{number}",
        "last_name": f"Last{number}",
        "school_id": number % 4 + 1 if number % 5 else "",
        "marketing_channel": ("organic", "paid_social", "referral")[number % 3],
        "device_id": f"device-{number}",
        "is_verified": 1,
    }


def _school(number: int) -> Row:
    return {
        "school_id": number,
        "name": f'School "{number}"',
        "address": f"{number} Main Street, Oldtown",
        "city": "Oldtown",
        "state": "OH",
        "zip_code": f"0430{number}",
        "created_at": FIRST_DAY - timedelta(days=900),
    }


def _product(number: int) -> Row:
    return {
        "product_id": number,
        "name": f"Product {number}",
        "category": "snacks",
        "price": f"{number}.50",
        "points_per_dollar": 2,
        "created_at": FIRST_DAY - timedelta(days=900),
        "description": "",
    }


def _purchase(user: Row, number: int, days: int) -> Row:
    at = user["created_at"] + timedelta(days=1 + number * 3, hours=2)
    return {
        "purchase_id": f"purchase-{user['user_id']}-{number}",
        "user_id": user["user_id"],
        "product_id": user["user_id"] % 6 + 1,
        "quantity": number + 1,
        "price_paid": f"{(user['user_id'] % 6 + 1.5) * (number + 1):.2f}",
        "points_earned": f"{(user['user_id'] % 6 + 1.5) * (number + 1) * 2:.2f}",
        "purchased_at": at,
        "day_of_week": f"{at:%A}",
        "hour_of_day": at.hour,
    }


def _referrals(everyone: list[Row], days: int) -> tuple[list[Row], list[Row]]:
    """Every fourth user was referred by the user before; installs once when invited and once when signing up."""
    referrals: list[Row] = []
    events: list[Row] = []
    for referrer, referred in pairwise(everyone):
        if referred["user_id"] % 4:
            continue
        referral_id, joined = len(referrals) + 1, referred["created_at"]
        referrals.append(
            {
                "referral_id": referral_id,
                "referrer_user_id": referrer["user_id"],
                "referred_user_id": referred["user_id"],
                "referral_code": f"CODE{referral_id}",
                "channel": "sms",
                "sent_at": joined - timedelta(days=1),
                "status": "converted",
                "converted_at": joined,
            }
        )
        events += [
            _event(referrer, "invite_sent", joined - timedelta(days=1), referral_id, channel="sms"),
            _event(referred, "install", joined - timedelta(hours=3), referral_id, device_id=referred["device_id"]),
            _event(referred, "install", joined - timedelta(hours=1), referral_id, device_id=referred["device_id"]),
            _event(referred, "referral_applied", joined + timedelta(minutes=2), referral_id),
        ]
    return referrals, events


def _habits(user: Row, days: int) -> list[Row]:
    """Onboarding and a few scans; every fifth user opened the app before the sign-up."""
    joined, number = user["created_at"], user["user_id"]
    events = [_event(user, "signup", joined), _event(user, "onboarding_complete", joined + timedelta(minutes=9))]
    if number % 5 == 0:
        events.append(_event(user, "app_open", joined - timedelta(hours=2)))
    for scan in range(number % 4):
        at = joined + timedelta(days=scan + 1)
        events += [
            _event(user, "receipt_scan_started", at, scan_id=f"scan-{number}-{scan}"),
            _event(user, "receipt_scan_completed", at + timedelta(minutes=1), scan_id=f"scan-{number}-{scan}"),
        ]
    return events


def _event(user: Row, event_type: str, at: datetime, referral_id: int | str = "", **metadata: str) -> Row:
    return {
        "event_id": f"{event_type}-{user['user_id']}-{at:%m%d%H%M}",
        "user_id": user["user_id"],
        "event_type": event_type,
        "event_at": at,
        "referral_id": referral_id,
        "metadata_json": json.dumps(metadata),
    }


def _write(file: Path, rows: list[Row]) -> None:
    with file.open("w", newline="", encoding="utf-8") as handle:
        writer = csv.DictWriter(handle, list(rows[0]), lineterminator="\r\n")
        writer.writeheader()
        writer.writerows(rows)
