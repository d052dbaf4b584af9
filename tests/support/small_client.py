"""Two days of a tiny client, typed by hand, with the numbers that follow from them."""

from __future__ import annotations

from datetime import date

from include.settings import Paths
from tests.support.landing import land_day

FIRST, SECOND = date(2026, 3, 2), date(2026, 3, 3)


def land_first_day(paths: Paths) -> None:
    """Two schools, three users, one referral from 1 to 3 that becomes eligible, two purchases.

    With texts that a source may deliver and that nothing here may stumble over: an hour that is no number, a channel
    and a platform called as the rows of everybody are.
    """
    land_day(
        paths,
        FIRST,
        {
            "schools": [
                {"school_id": 1, "name": "Hilltop", "city": "Salem", "state": "OR", "created_at": "2020-01-01"},
                {"school_id": 2, "name": "Riverview", "city": "APO", "state": "AE", "created_at": "2020-01-01"},
            ],
            "users": [
                {"user_id": 1, "email": "tracy.m@gmail.com", "created_at": "2026-02-01", "user_type": "parent",
                 "first_name": "Tracy", "last_name": "Mendez", "school_id": 1},
                {"user_id": 2, "email": "bob@example.org", "created_at": "2026-02-02", "user_type": "teacher",
                 "first_name": "Bob", "last_name": "Ray", "school_id": 2},
                {"user_id": 3, "email": "cy@example.org", "created_at": "2026-03-02 10:00:00", "user_type": "parent",
                 "first_name": None, "last_name": None, "school_id": None},
            ],
            "products": [
                {"product_id": 1, "name": "Oats", "category": "cereal", "price": "5.00", "points_per_dollar": "2",
                 "created_at": "2020-01-01"},
            ],
            "purchases": [
                {"purchase_id": "p1", "user_id": 1, "product_id": 1, "quantity": 1, "price_paid": "5.00",
                 "points_earned": "10", "purchased_at": "2026-03-02 09:00:00", "hour_of_day": "9"},
                {"purchase_id": "p2", "user_id": 2, "product_id": 1, "quantity": 2, "price_paid": "10.00",
                 "points_earned": "20", "purchased_at": "2026-03-02 09:30:00", "hour_of_day": "9am"},
            ],
            "referrals": [
                {"referral_id": 7, "referrer_user_id": 1, "referral_code": "TRACY1", "sent_at": "2026-03-02 08:00:00",
                 "status": "sent", "channel": "all"},
            ],
            "events": [
                {"event_id": "e1", "user_id": 3, "event_type": "install", "event_at": "2026-03-02 09:55:00",
                 "metadata_json": '{"platform": "all"}'},
                {"event_id": "e2", "user_id": 3, "event_type": "referral_applied", "event_at": "2026-03-02 10:01:00",
                 "metadata_json": '{"referral_code": "TRACY1"}'},
                {"event_id": "e3", "user_id": 3, "event_type": "onboarding_complete", "event_at": "2026-03-02 10:05:00",
                 "metadata_json": "{}"},
            ],
        },
    )  # fmt: skip


def land_second_day(paths: Paths) -> None:
    """User 3 scans a receipt, which makes the referral eligible; a purchase of user 1."""
    land_day(
        paths,
        SECOND,
        {
            "purchases": [
                {"purchase_id": "p3", "user_id": 1, "product_id": 1, "quantity": 1, "price_paid": "5.00",
                 "points_earned": "10", "purchased_at": "2026-03-03 09:00:00"},
            ],
            "events": [
                {"event_id": "e4", "user_id": 3, "event_type": "receipt_scan_completed",
                 "event_at": "2026-03-03 11:00:00", "metadata_json": "{}"},
            ],
        },
    )  # fmt: skip
