"""The oracle's world: many invitations on exact boundaries, ties, rings and odd metadata, in one bulk history."""

from __future__ import annotations

import json
import random
from collections import defaultdict
from datetime import date, datetime, time, timedelta
from typing import Any

from include.settings import Paths
from tests.support.landing import land_day

FIRST_DAY = date(2026, 1, 5)
DAYS = 80
START, AS_OF = datetime.combine(FIRST_DAY, time()), datetime.combine(FIRST_DAY, time()) + timedelta(days=DAYS)
SECOND, DAY = timedelta(seconds=1), timedelta(days=1)
FLAGS: list[Any] = [None, None, None, None, None, True, 1, "true", "1", False, "TRUE", "yes", 0, [1]]
IDS: list[Any] = [None, 1, 2, "3", 3.0, "none", True, 3.7, 77, [1]]
EMAILS = ["a.{0}+x@gmail.com", "A{0}@GoogleMail.com", " b.{0}@live.com ", "B.{0}+y@live.com", "c+{0}@corp.org", "d{0}"]


class OracleWorld:
    """``land`` writes every day's files; every row is valid."""

    def __init__(self, seed: int, users: int = 160) -> None:
        self.rng, self.users, self._number = random.Random(seed), users, 0
        self.days = [FIRST_DAY + timedelta(days=offset) for offset in range(DAYS)]
        self._landing: dict[date, dict[str, list[dict[str, Any]]]] = defaultdict(lambda: defaultdict(list))
        states = ["OR", "pr", "ZZ", None, "AP"]
        for number, state in enumerate(states, 1):
            school = {"school_id": number, "name": f"S{number}", "city": "Salem", "state": state, "zip_code": "00501"}
            self._add("schools", school | {"created_at": "2020-01-01", "address": None}, START)
        for number in (1, 2, 3):
            product = {"product_id": number, "name": f"P{number}", "category": "snack", "price": "4.005"}
            self._add("products", product | {"points_per_dollar": "1.25", "created_at": "2020-01-01"}, START)
        for user_id in range(1, users + 1):
            self._person(user_id)
        for _ in range(users * 3):
            self._noise()

    def land(self, paths: Paths) -> None:
        for day in self.days:
            tables = self._landing[day]
            for rows in tables.values():
                self.rng.shuffle(rows)
            land_day(paths, day, dict(tables))

    def _add(self, table: str, row: dict[str, Any], at: datetime, late: int = 0) -> None:
        day = min(max(at.date() + timedelta(days=late), self.days[0]), self.days[-1])
        self._landing[day][table].append({k: str(v) if isinstance(v, datetime) else v for k, v in row.items()})

    def _event(self, user_id: int, kind: str, at: datetime, referral_id: int | None = None, **metadata: Any) -> None:
        if not START - 40 * DAY <= at < AS_OF + DAY:
            return
        self._number += 1
        number = self._number
        known = {k: v for k, v in metadata.items() if v is not None}
        row = {
            "event_id": self.rng.choice(["e{}", "E{}", "{}"]).format(number), "user_id": user_id, "event_type": kind,
            "event_at": at, "referral_id": referral_id, "metadata_json": json.dumps(known),
        }  # fmt: skip
        self._add("events", row, at, self.rng.choice([0, 0, 0, 0, 2, 9]))

    def _row(self, user_id: int, created: datetime) -> dict[str, Any]:
        pick = self.rng.choice
        email = pick([f"user{user_id}@example.org"] * 5 + [pick(EMAILS).format(user_id // 4)])
        return {
            "user_id": user_id, "email": email, "created_at": created,
            "user_type": pick(["parent", "teacher", "supporter"]), "first_name": pick(["Tracy", "Ann", None]),
            "last_name": pick(["Mendez", "o'Hara", None]), "school_id": pick([None, 1, 2, 3, 77]),
            "is_verified": pick([None, "1", "true", "TRUE", "1", "1", "1", "0", "False"]),
            "device_id": pick([f"phone-{user_id}"] * 9 + [f"tablet-{user_id // 3}", None]),
            "payment_fingerprint": pick([None, None, f"card-{user_id}", f"card-{user_id // 2}"]),
            "marketing_channel": pick([None, "organic", "paid_search", "partner", "referral", "odd"]),
        }  # fmt: skip

    def _person(self, user_id: int) -> None:
        pick, rng = self.rng.choice, self.rng
        created = START + timedelta(hours=rng.randint(0, DAYS * 24 - 1))
        created = pick(
            [created] * 4 + [AS_OF - 67 * DAY, AS_OF - 67 * DAY + SECOND, AS_OF - 28 * DAY, AS_OF - 56 * DAY]
        )
        if rng.random() < 0.95:  # the others never land
            self._add("users", self._row(user_id, created), created)
            if rng.random() < 0.25:
                again = min(created + rng.randint(1, 30) * DAY, AS_OF - DAY)
                self._add("users", self._row(user_id, created), again)
        install = created - pick([timedelta(0), timedelta(0), timedelta(hours=1), 3 * DAY, -timedelta(hours=2)])
        if rng.random() < 0.9:
            for at in (install, install + pick([timedelta(0), DAY])):
                self._event(user_id, "install", at, is_reinstall=pick(FLAGS), device_id=pick([None] * 9 + ["shared"]))
        done = created + pick([timedelta(0), timedelta(hours=1), 60 * DAY])
        if rng.random() < 0.85:
            self._event(user_id, "onboarding_complete", done)
        if rng.random() < 0.7:
            self._event(user_id, "receipt_scan_completed", done)
        if rng.random() < 0.7:
            link = pick([done, created - DAY, created + 3 * DAY])
            self._event(user_id, "school_linked", link, school_id=pick(IDS))
            self._event(user_id, "school_linked", link + pick([timedelta(0), 5 * DAY]), school_id=pick(IDS))
        for number in range(rng.choice([0, 1, 1, 1, 2])):
            self._invitation(user_id, created, install, user_id * 10 + number)
        if 3 < user_id < self.users - 6 and rng.random() < 0.5:
            self._honest_rivals(user_id, created)

    def _honest_rivals(self, user_id: int, created: datetime) -> None:
        """Up to three invitations of good faith used at the very same moment; next to rings of two and of three."""
        partner = user_id + 1 if user_id % 2 == 0 else user_id - 1
        around = user_id + 1 if user_id % 3 else user_id - 2
        for number in range(self.rng.choice([1, 2, 3])):
            referral_id = user_id * 10 + 5 + number
            row = {
                "referral_id": referral_id, "referrer_user_id": self.rng.choice([partner, around, 1, 2, user_id // 2]),
                "referral_code": f"c{referral_id}", "sent_at": created, "status": "sent", "channel": None,
                "referred_user_id": None, "referred_email": None,
            }  # fmt: skip
            self._add("referrals", row, created)
            self._event(user_id, "referral_applied", created, None, referral_code=f"c{referral_id}")

    def _invitation(self, user_id: int, created: datetime, install: datetime, referral_id: int) -> None:
        pick, rng = self.rng.choice, self.rng
        referrer = pick([rng.randint(1, self.users), max(1, user_id // 3), user_id % self.users + 1, user_id, 9999])
        sent = pick([created, created, created - SECOND, created + SECOND, created - 2 * DAY, AS_OF - 30 * DAY])
        sent = pick([sent] * 9 + [AS_OF - 30 * DAY + SECOND, AS_OF, AS_OF + timedelta(hours=9)])
        code = f"c{referral_id}" if rng.random() < 0.85 else f"shared{referral_id % 7}"
        row = {
            "referral_id": referral_id, "referrer_user_id": referrer, "referral_code": code, "sent_at": sent,
            "status": pick(["sent", "clicked", "converted"]), "channel": pick([None, None, "sms"]),
            "referred_user_id": pick([None, None, user_id, user_id, 8888]),
            "referred_email": pick([None] * 6 + [f"USER{referrer}@example.org", f"x{user_id}@example.org"]),
        }  # fmt: skip
        self._add("referrals", row, sent)
        if rng.random() < 0.2:
            emptied = row | {"referred_user_id": None, "referred_email": None, "channel": None, "status": "sent"}
            self._add("referrals", emptied, min(sent + 3 * DAY, AS_OF - DAY))
        by = pick([referral_id, None])
        self._event(referrer, "invite_sent", sent, by, referral_code=code, channel=pick([None, "qr", 7, "", ["x"]]))
        self._event(user_id, "invite_clicked", sent, by, referral_code=code)
        limit = timedelta(hours=48)
        applied = pick([created, created + SECOND, install + limit, install + limit + SECOND, created + limit])
        applied = pick([applied] * 4 + [AS_OF - limit, AS_OF - limit - SECOND])
        if rng.random() < 0.9:
            self._event(pick([user_id] * 9 + [referrer]), "referral_applied", applied, by, referral_code=code)
        ready = max(applied, created)
        for side, owner in (("referrer_bonus", referrer), ("referred_bonus", user_id)):
            for kind in rng.choices(["awarded", "awarded", "redeemed", "withheld"], k=rng.randint(0, 4)):
                at = ready + pick([timedelta(0), timedelta(0), SECOND, -SECOND, DAY])
                self._event(
                    owner, f"reward_{kind}", at, pick([referral_id, None]), referral_code=code,
                    reward_type=pick([side, side, None, "odd"]), amount_usd=pick([None, 5, "2.50", 2.25, "junk", True]),
                )  # fmt: skip

    def _noise(self) -> None:
        pick, rng = self.rng.choice, self.rng
        user_id, at = rng.randint(1, self.users + 2), START + timedelta(hours=6 * rng.randint(0, DAYS * 4 + 2))
        kinds = ["app_open", "receipt_scan_started", "receipt_scan_failed", "incentive_viewed", "unheard_of"]
        self._event(user_id, pick(kinds), at, device_id=pick([None] * 20 + ["shared"]))
        for _ in range(pick([0, 1, 2])):
            self._number += 1
            purchase = {
                "purchase_id": pick(["p{}", "P{}"]).format(self._number), "user_id": user_id,
                "quantity": rng.randint(1, 3), "product_id": pick([1, 2, 3, 55]),
                "price_paid": pick(["4.00", "0", "3.335"]),
                "points_earned": pick(["8", "8.5", "0.33335", "0"]), "purchased_at": at,
            }  # fmt: skip
            self._add("purchases", purchase, at, pick([0, 0, 3, 8]))
