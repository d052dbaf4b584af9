"""Rows on which two engines disagree unless somebody made them agree: letters, odd JSON, halves of a cent, ties."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from tests.support.landing import Row

#: Metadata as text, since json.dumps writes no key twice. Each is an object, so the contract lets it in.
METADATA = [
    '{"school_id": 1, "school_id": 2}',
    '{"school_id": 1e0}',
    '{"school_id": 1e7}',
    '{"school_id": 20000000.0}',
    '{"school_id": 12345678.5}',
    '{"school_id": "2.0"}',
    '{"school_id": "1e2"}',
    '{"school_id": 2.50}',
    '{"school_id": " 2"}',
    '{"school_id": "2\\n"}',
    '{"school_id": 12345678901234567890123}',
    '{"school_id": -0}',
    '{"school_id": [2]}',
    '{"school_id": null, "device_id": ""}',
    '{"School_Id": 2, "device_id": "Straße-Ä"}',
    '{"device_id": {"x": 1,  "y": [1, 2]}, "platform": true}',
    '{"device_id": 2.50, "app_version": 1.10}',
    '{"device_id": "\\ud83d\\ude00", "channel": "\\u00e9\\t"}',
    '{"device_id": "line\\nline", "referral_code": "code-1"}',
    '{"is_reinstall": "TRUE"}',
    '{"is_reinstall": 1}',
    '{"is_reinstall": "1"}',
    '{"amount_usd": 2.005}',
    '{"amount_usd": "1.995"}',
    '{"amount_usd": 1e1}',
    '{"amount_usd": "-0.005"}',
    '{"amount_usd": "0.00499999999999"}',
    '{"amount_usd": 12345678901}',
    '{"amount_usd": "1e400"}',
    '{"amount_usd": "5."}',
    '{"amount_usd": "\\u0665"}',  # a digit, but none of ours
    "{}",
]
EMAILS = [
    "  ΟΔΥΣΣΕΥΣ@Example.ORG ",
    "οδυσσευσ@example.org",
    "İpek@example.org",
    "ipek@example.org",
    "STRASSE@x.org",
    "Straße@x.org",
    "a.b+tag+more@GoogleMail.com",
    "ab@gmail.com",
    "a@b@outlook.com",
    "\ta+b@live.com\n",
    "\u00a0kept@example.org",
    "no address",
    "@",
    "+@gmail.com",
    "Ǆ@example.org",
    "ȺȾ@example.org",
]
#: From on time over healed by the daily run to far beyond its window.
DAYS_LATE = [0, 1, 5, 7, 9, 40]
#: A day on which one event and one purchase happened, until both were delivered again with another time and owner.
LONELY_DAY, LANDED_FIRST, LANDED_AGAIN = date(2025, 6, 1), 2, 9
#: Moments on either side of a second, a day, a week and T.
TIMES = [time(0), time(0, 0, 0, 1), time(9, 30), time(23, 59, 59, 999999)]


def hard_tables(day: date, number: int) -> dict[str, list[Row]]:
    """What lands beside the world's own rows on its day number ``number``: users 500 .., who refer one another."""
    lonely = LONELY_DAY if number == LANDED_FIRST else day
    again = number in (LANDED_FIRST, LANDED_AGAIN)
    event = {"event_id": "lonely", "user_id": 500 + number, "event_type": "school_linked", "event_at": _at(lonely, 2)}
    event |= {"referral_id": None, "metadata_json": '{"school_id": 3}'}
    purchase = _purchase(0, day, number) | {"purchase_id": "lonely", "purchased_at": _at(lonely, 2)}
    return {
        "users": [_user(500 + place, email, day) for place, email in enumerate(EMAILS) if (place + number) % 2 == 0],
        "events": [*_events(day, number), *([event] if again else [])],
        "purchases": [*(_purchase(place, day, number) for place in range(8)), *([purchase] if again else [])],
        "referrals": [_referral(place, day) for place in range(len(EMAILS)) if (place + number) % 3 == 0],
        "schools": [
            {"school_id": 10 + place, "name": name, "city": None, "state": state, "created_at": "2020-01-01T00:00:00Z"}
            for place, (name, state) in enumerate([("École d'Été", "or"), ('"Quoted", school', "zz"), ("☃", "PR")])
        ],
    }


def _at(day: date, place: int) -> str:
    return str(datetime.combine(day, TIMES[place % len(TIMES)]))


def _user(user_id: int, email: str, day: date) -> Row:
    return {
        "user_id": user_id,
        "email": email,
        "created_at": _at(day - timedelta(days=user_id % 3), user_id),
        "user_type": "teacher",
        "first_name": [None, "Élodie", "李", "😀"][user_id % 4],
        "last_name": [None, "Ñandú", "😀b", "o'Neil"][user_id % 3],
        "school_id": [None, 1, 10][user_id % 3],
        "is_verified": [None, "true", "0"][user_id % 3],
        "marketing_channel": [None, "partner", "Ünknown"][user_id % 3],
    }


def _events(day: date, number: int) -> list[Row]:
    types = ["school_linked", "install", "reward_awarded", "referral_applied", "invite_sent", "receipt_scan_completed"]
    return [
        {
            # the same id comes again two days later, on another day and of another person
            "event_id": f"hard-{place}-{number // 2}",
            "user_id": 500 + (place + number) % (len(EMAILS) + 1),
            "event_type": types[(place + number // 2) % len(types)],
            "event_at": _at(day - timedelta(days=DAYS_LATE[(place * number) % 6]), place),
            "referral_id": [None, 600 + place % 8][place % 2],
            "metadata_json": metadata,
        }
        for place, metadata in enumerate(METADATA)
    ]


def _purchase(place: int, day: date, number: int) -> Row:
    return {
        "purchase_id": f"hard-{place}-{number // 2}",
        "user_id": 500 + (place + number) % len(EMAILS),
        "product_id": 1,
        "quantity": 1,
        "price_paid": ["0.005", "1.995", "2.675", "4"][place % 4],
        "points_earned": ["0.00005", "0.33335", "8.12345", "10"][place % 4],
        "purchased_at": _at(day - timedelta(days=place % 3), place),
    }


def _referral(place: int, day: date) -> Row:
    return {
        "referral_id": 600 + place,
        "referrer_user_id": 500 + place,
        "referral_code": f"hard-{place % 5}",
        "sent_at": _at(day - timedelta(days=place), place),
        "status": "sent",
        "referred_email": EMAILS[(place + 1) % len(EMAILS)],
        "referred_user_id": [None, 500 + (place + 1) % len(EMAILS)][place % 2],
        "channel": None,
    }
