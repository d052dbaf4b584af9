"""Small worlds that try to break the incremental build: late, moved, corrected, redelivered, orphaned, future rows."""

from __future__ import annotations

import json
import random
from collections import defaultdict
from datetime import date, datetime, time, timedelta
from typing import Any

from include.settings import Paths
from tests.support.landing import land_day

FIRST_DAY = date(2026, 3, 1)
USERS, SCHOOLS, PRODUCTS, REFERRALS = 12, 3, 3, 14
EVENT_TYPES = [
    "install", "signup", "app_open", "onboarding_started", "onboarding_complete", "school_linked", "invite_sent",
    "invite_clicked", "referral_applied", "receipt_scan_started", "receipt_scan_completed", "receipt_scan_failed",
    "incentive_viewed", "reward_awarded", "reward_redeemed", "reward_withheld", "payment_method_added", "unheard_of",
]  # fmt: skip
#: Days from the event to its landing: mostly none, some inside the window, some ahead of time, some beyond the window.
HEALED_LATENESS = [0] * 14 + [1, 2, 4, 6, 7, -1]
LATENESS = [*HEALED_LATENESS, 8, 11]
#: Number of the day on which people lose the referral that counted for them; see ``_free_quiet_people``.
FREED_ON = 13


class World:
    """What lands on each day of a short history; ``land`` writes one day's files.

    With ``beyond_window=False`` no row lands for the first time more than 7 days late; redelivered rows still change
    days as old as they like.
    """

    def __init__(self, seed: int, days: int, beyond_window: bool = True) -> None:
        self._rng = random.Random(seed)
        self._reviewers_rng = random.Random(seed)  # their own: who decides what leaves the rest of the world as it was
        self._lateness = LATENESS if beyond_window else HEALED_LATENESS
        self.days = [FIRST_DAY + timedelta(days=offset) for offset in range(days)]
        self._landing: dict[date, dict[str, list[dict[str, Any]]]] = defaultdict(lambda: defaultdict(list))
        self._delivered: list[tuple[str, dict[str, Any]]] = []
        self._counter = 0
        self._came_by_referral: list[int] = []
        for day in self.days:
            self._live(day)
        if days > FREED_ON:
            self._free_quiet_people()

    def land(self, paths: Paths, day: date) -> None:
        """Write the files of one landing day."""
        land_day(paths, day, self._landing[day])

    def _live(self, day: date) -> None:
        rng = self._rng
        tables = self._landing[day]
        if day == self.days[0]:
            tables["schools"] = [
                {"school_id": i, "name": f"School {i}", "city": "Salem", "state": "OR", "created_at": "2020-01-01"}
                for i in range(1, SCHOOLS + 1)
            ]
            tables["products"] = [
                {
                    "product_id": i,
                    "name": f"Cereal {i}",
                    "category": "cereal",
                    "price": "4.00",
                    "points_per_dollar": "2",
                    "created_at": "2020-01-01",
                }
                for i in range(1, PRODUCTS + 1)
            ]
        for user_id in self._some(range(1, USERS + 1), 0.12 if day != self.days[0] else 0.6):
            tables["users"].append(self._user(user_id, day))
        for referral_id in self._some(range(1, REFERRALS + 1), 0.12):
            tables["referrals"].append(self._referral(referral_id, day))
        for _ in range(rng.randint(0, 25)):
            self._deliver("events", self._event(day), day)
        for _ in range(rng.randint(0, 8)):
            self._deliver("purchases", self._purchase(day), day)
        if rng.random() < 0.7:
            self._journey(day)
        tables["review_decisions"] = [self._decision(day) for _ in range(self._reviewers_rng.randint(0, 6))]
        for table, row in rng.sample(self._delivered, k=min(len(self._delivered), rng.randint(0, 3))):
            self._redeliver(table, row, day)

    def _some(self, ids: range, share: float) -> list[int]:
        return [i for i in ids if self._rng.random() < share]

    def _moment(self, day: date, days_back: int = 0) -> str:
        hour = self._rng.choice([0, 9, 12, 23])  # few hours, so that times tie
        return str(datetime.combine(day - timedelta(days=days_back), time(hour, self._rng.choice([0, 30]))))

    def _maybe(self, *values: Any) -> Any:
        return self._rng.choice([None, *values])

    def _user(self, user_id: int, day: date) -> dict[str, Any]:
        rng = self._rng
        return {
            "user_id": user_id,
            "email": rng.choice(
                [f"user{user_id}@example.org", f"Fam.Ily+{user_id}@gmail.com", f"u{user_id % 4}@live.com"]
            ),
            "created_at": self._moment(day, rng.randint(0, 9)),
            "user_type": rng.choice(["parent", "teacher", "supporter"]),
            "first_name": self._maybe("Tracy", "Ann"),
            "last_name": self._maybe("Mendez"),
            "school_id": self._maybe(1, 2, 3, 77),
            "is_verified": self._maybe(0, 1, 1, 1),
            "device_id": self._maybe(f"phone-{user_id}", f"phone-{user_id}", "tablet"),
            "payment_fingerprint": self._maybe(f"card-{user_id}", f"card-{user_id % 5}"),
            "marketing_channel": self._maybe("organic", "paid_social", "partner"),
        }

    def _referral(self, referral_id: int, day: date) -> dict[str, Any]:
        rng = self._rng
        return {
            "referral_id": referral_id,
            "referrer_user_id": rng.randint(1, USERS + 1),
            "referral_code": f"code-{rng.randint(1, REFERRALS)}",
            "sent_at": self._moment(day, rng.randint(-1, 40)),
            "status": rng.choice(["sent", "clicked", "converted"]),
            "referred_email": self._maybe(f"user{rng.randint(1, USERS)}@example.org"),
            "referred_user_id": self._maybe(rng.randint(1, USERS + 1)),
            "channel": self._maybe("sms", "email"),
        }

    def _event(self, day: date) -> dict[str, Any]:
        rng = self._rng
        self._counter += 1
        metadata = {
            "device_id": self._maybe("tablet", f"phone-{rng.randint(1, USERS)}"),
            "school_id": self._maybe(1, "2", 3, "none", 77),
            "referral_code": self._maybe(f"code-{rng.randint(1, REFERRALS)}"),
            "is_reinstall": self._maybe(True, "1", False),
            "channel": self._maybe("sms", "qr"),
            "payment_fingerprint": self._maybe(None, None, f"card-{rng.randint(1, 5)}"),
            "reward_type": self._maybe("referrer_bonus", "referred_bonus"),
            "amount_usd": self._maybe(5, "2.50"),
            "scan_id": [None, "scan-1", "scan-2"][self._counter % 3],  # few, so that users and events share them
            "platform": [None, "ios", "android"][self._counter % 3],
        }
        return {
            "event_id": f"e{self._counter}",
            "user_id": rng.randint(1, USERS + 2),
            "event_type": rng.choice(EVENT_TYPES),
            "event_at": self._moment(day),
            "referral_id": self._maybe(None, rng.randint(1, REFERRALS + 1)),
            "metadata_json": json.dumps({key: value for key, value in metadata.items() if value is not None}),
        }

    def _purchase(self, day: date) -> dict[str, Any]:
        self._counter += 1
        return {
            "purchase_id": f"p{self._counter}",
            "user_id": self._rng.randint(1, USERS + 2),
            "product_id": self._rng.randint(1, PRODUCTS),
            "quantity": 1,
            "price_paid": "4.00",
            "points_earned": self._rng.choice(["8", "8.5"]),
            "purchased_at": self._moment(day),
        }

    def _decision(self, day: date) -> dict[str, Any]:
        """Of a case that may be there or not, today or in the last days; the same case often, so that decisions vie."""
        rng = self._reviewers_rng
        case = rng.choice([f"group-{rng.randint(1, 4)}", f"referral-{rng.randint(1, REFERRALS)}", "user-3"])
        decided_at = datetime.combine(day - timedelta(days=rng.randint(0, 3)), time(rng.choice([9, 12])))
        return {
            "case_id": case,
            "decision": rng.choice(["confirmed", "cleared", "held"]),
            "reason": rng.choice([None, "same phone"]),
            "reviewer": "Ann",
            "decided_at": str(decided_at),
        }

    def _journey(self, day: date) -> None:
        """A new user comes by a referral and does what the programme asks, mostly; with no shared device or card."""
        rng = self._rng
        self._counter += 1
        number = 100 + self._counter
        referrer = rng.choice([rng.randint(1, USERS), *self._came_by_referral])
        self._came_by_referral.append(number)
        newcomer = self._user(number, day) | {"email": f"new{number}@example.org", "device_id": None}
        newcomer |= {"payment_fingerprint": None, "created_at": self._moment(day)}
        self._landing[day]["users"].append(newcomer)
        invitation = self._referral(number, day) | {"referrer_user_id": referrer, "referral_code": f"code-{number}"}
        invitation |= {"sent_at": self._moment(day, 2), "referred_user_id": None, "referred_email": None}
        self._landing[day]["referrals"].append(invitation)
        code = json.dumps({"referral_code": f"code-{number}"})
        steps = ["install", "referral_applied", "onboarding_complete", "receipt_scan_completed", "reward_awarded"]
        for step in steps:
            if rng.random() < 0.9:
                event = self._event(day) | {"user_id": number, "event_type": step, "referral_id": None}
                self._deliver("events", event | {"metadata_json": code}, day)

    def _deliver(self, table: str, row: dict[str, Any], day: date) -> None:
        lateness = self._rng.choice(self._lateness)
        landing_day = min(max(day + timedelta(days=lateness), self.days[0]), self.days[-1])
        moment = "event_at" if table == "events" else "purchased_at"
        if row[moment] >= str(landing_day + timedelta(days=2)):
            return
        self._landing[landing_day][table].append(row)
        self._delivered.append((table, row))

    def _redeliver(self, table: str, row: dict[str, Any], day: date) -> None:
        """The same id again, as it was or with another owner, day or content; some time after its first landing."""
        moment = "event_at" if table == "events" else "purchased_at"
        again = dict(row)
        change = self._rng.choice(["nothing", "owner", "day", "content"])
        if change == "owner":
            again["user_id"] = self._rng.randint(1, USERS)
        elif change == "day":
            moved = datetime.fromisoformat(row[moment]) - timedelta(days=self._rng.randint(-3, 12))
            again[moment] = str(min(moved, datetime.combine(day, time(23))))
        elif change == "content":
            fresh = self._event(day) if table == "events" else self._purchase(day)
            again = {**fresh, **{key: row[key] for key in ("event_id", "purchase_id", moment) if key in row}}
        landing_day = min(day + timedelta(days=self._rng.randint(1, 9)), self.days[-1])
        if again[moment] < str(landing_day + timedelta(days=1)):
            self._landing[landing_day][table].append(again)

    def _free_quiet_people(self) -> None:
        """People who apply two codes on the first day and do nothing more; long after, the first one is not theirs.

        The second one then counts, of a person whom nothing in the window names: a new referral takes over the first
        code, the first referral gets another code, or its source says that somebody else was referred.
        """
        first_day, freed_on = self.days[0], self.days[FREED_ON]
        for number, carries in ((9010, "code"), (9020, "code"), (9030, "id")):
            quiet, referrer, other_referrer, stranger, first, second = range(number, number + 6)
            for user_id in (quiet, referrer, other_referrer, stranger):
                self._landing[first_day]["users"].append(
                    {
                        **self._user(user_id, first_day),
                        "email": f"quiet{user_id}@example.org",
                        "created_at": f"{first_day} 10:00:00",
                        "is_verified": 1,
                        "device_id": None,
                        "payment_fingerprint": None,
                    }
                )
            sent = {"sent_at": f"{first_day} 09:00:00", "status": "sent", "referred_email": None, "channel": "sms"}
            invitation = {"referral_id": first, "referrer_user_id": referrer, "referral_code": f"first-{number}"}
            invitation |= {"referred_user_id": None} | sent
            wins_later = {
                "referral_id": second,
                "referrer_user_id": other_referrer,
                "referral_code": f"second-{number}",
            }
            self._landing[first_day]["referrals"] += [invitation, wins_later | {"referred_user_id": quiet} | sent]
            for hour, step, referral_id in (
                (11, "referral_applied", first if carries == "id" else None),
                (12, "referral_applied", second),
                (13, "onboarding_complete", None),
                (14, "receipt_scan_completed", None),
            ):
                self._landing[first_day]["events"].append(
                    {
                        "event_id": f"quiet-{number}-{hour}",
                        "user_id": quiet,
                        "event_type": step,
                        "event_at": f"{first_day} {hour}:00:00",
                        "referral_id": referral_id,
                        "metadata_json": json.dumps({"referral_code": f"first-{number}"} if hour == 11 else {}),
                    }
                )
            takes_over = {
                9010: invitation | {"referral_id": number + 6, "referrer_user_id": stranger},
                9020: invitation | {"referral_code": f"another-{number}"},
                9030: invitation | {"status": "converted", "referred_user_id": stranger},
            }
            self._landing[freed_on]["referrals"].append(takes_over[number])
