"""The specification's sections 4, 5 and 7 once more, in plain Python and without a look at the SQL."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from tests.oracle.landed import Landed, Row, meta_amount, meta_flag, meta_id, meta_text

DAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
SIDES = ("referrer_bonus", "referred_bonus")
PLUS_DOMAINS = {
    "gmail.com", "googlemail.com", "outlook.com", "hotmail.com", "live.com", "icloud.com", "fastmail.com",
    "proton.me", "protonmail.com",
}  # fmt: skip
US_STATES = """
    AL AK AZ AR CA CO CT DE FL GA HI ID IL IN IA KS KY LA ME MD MA MI MN MS MO MT NE NV NH NJ NM NY NC ND OH OK OR PA
    RI SC SD TN TX UT VT VA WA WV WI WY DC AS GU MP PR VI AA AE AP
"""
US = set(US_STATES.split())


def email_key(email: str | None) -> str | None:
    """Section 4; an address splits at its last @."""
    if not email:
        return None
    text = email.strip().lower()
    local, at, domain = text.rpartition("@")
    if not at:
        return text
    if domain in PLUS_DOMAINS:
        local = local.split("+")[0]
    if domain in {"gmail.com", "googlemail.com"}:
        local, domain = local.replace(".", ""), "gmail.com"
    return f"{local}@{domain}"


def monday(moment: datetime) -> date:
    return moment.date() - timedelta(days=moment.weekday())


def least(*values: Any) -> Any:
    return min((value for value in values if value is not None), default=None)


class Reference:
    """``tables`` maps a gold table to key -> {column: value}."""

    def __init__(self, landing: Path) -> None:
        landed = Landed(landing)
        self.as_of = landed.as_of
        self.users, self.schools = landed.tables["users"], landed.tables["schools"]
        self.products, self.referrals = landed.tables["products"], landed.tables["referrals"]
        self.events = sorted(landed.tables["events"].values(), key=lambda e: (e["event_at"], e["event_id"].encode()))
        self.purchases = sorted(
            landed.tables["purchases"].values(), key=lambda p: (p["purchased_at"], p["purchase_id"].encode())
        )
        self.first_schools = landed.first_schools
        self.tables: dict[str, dict[Any, Row]] = defaultdict(dict)
        self._index()
        self._purchases()
        self._referrals()
        self._rewards()
        self._award_states()
        self._users()
        self._schools_and_products()
        self._user_days()
        self._school_days()
        self._network()

    def _index(self) -> None:
        self.first: dict[tuple[int | None, str], Row] = {}
        self.links: dict[int, list[tuple[datetime, Any]]] = defaultdict(list)
        self.identity: dict[int, set[tuple[str, str | None]]] = defaultdict(set)
        self.of_referral: dict[tuple[int | None, str], list[Row]] = defaultdict(list)
        codes: dict[str, list[int]] = defaultdict(list)
        for referral_id, referral in self.referrals.items():
            codes[referral["referral_code"]].append(referral_id)
        for event in self.events:
            user_id, kind = event["user_id"], event["event_type"]
            self.first.setdefault((user_id, kind), event)
            if kind == "school_linked" and meta_id(event, "school_id") is not None:
                self.links[user_id].append((event["event_at"], meta_id(event, "school_id")))
            for name in ("device_id", "payment_fingerprint"):
                if (value := meta_text(event, name)) is not None:
                    self.identity[user_id].add((name, value))
            carriers = codes.get(meta_text(event, "referral_code") or "", [])
            belongs = event.get("referral_id")
            if belongs is None and len(carriers) == 1:
                belongs = carriers[0]
            event["belongs"] = belongs
            self.of_referral[belongs, kind].append(event)
        for user_id, user in self.users.items():
            for name in ("device_id", "payment_fingerprint"):
                if user.get(name) is not None:
                    self.identity[user_id].add((name, user[name]))
            self.identity[user_id].add(("email", email_key(user["email"])))

    def school_at(self, user_id: int, moment: datetime) -> int:
        linked = [school for at, school in self.links[user_id] if at <= moment]
        school = linked[-1] if linked else self.first_schools.get(user_id)
        return -1 if school is None else school

    def first_at(self, user_id: int | None, kind: str) -> datetime | None:
        event = self.first.get((user_id, kind))
        return event["event_at"] if event else None

    def milestones(self, user_id: int | None) -> Row:
        scan, link = self.first_at(user_id, "receipt_scan_completed"), self.first_at(user_id, "school_linked")
        qualified = least(scan, link)
        action = None if qualified is None else "scan" if scan == qualified else "school_link"
        return {
            "first_install_at": self.first_at(user_id, "install"),
            "onboarded_at": self.first_at(user_id, "onboarding_complete"),
            "first_scan_at": scan, "school_linked_at": link, "qualified_at": qualified, "qualifying_action": action,
        }  # fmt: skip

    def _purchases(self) -> None:
        seen = set()
        for p in self.purchases:
            at = p["purchased_at"]
            self.tables["fct_purchase"][p["purchase_id"]] = {
                "user_id": p["user_id"], "product_id": p["product_id"],
                "school_id": self.school_at(p["user_id"], at), "purchased_at": at, "purchase_date": at.date(),
                "quantity": p["quantity"], "price_paid": p["price_paid"], "points_earned": p["points_earned"],
                "amount_raised_usd": p["points_earned"] * Decimal("0.01"),
                "is_first_purchase": p["user_id"] not in seen, "day_of_week": DAYS[at.weekday()],
                "hour_of_day": at.hour,
            }  # fmt: skip
            seen.add(p["user_id"])

    def _referrals(self) -> None:
        candidates: dict[int, list[tuple[datetime, int]]] = defaultdict(list)
        facts = self.tables["fct_referral"]
        for referral_id, referral in self.referrals.items():
            facts[referral_id] = fact = self._referral(referral_id, referral)
            if (
                fact["applied_at"] is not None and fact["is_new_user"] and fact["is_within_48h"]
                and fact["is_referrer_verified"] and not fact["is_self_referral"]
            ):  # fmt: skip
                candidates[fact["referred_user_id"]].append((fact["applied_at"], referral_id))
        self.credited = {min(rivals)[1] for rivals in candidates.values()}
        for referral_id, fact in facts.items():
            fact["is_credited"] = referral_id in self.credited
            fact["rule_outcome"] = self._outcome(fact)
            fact["eligible_at"] = None
            if fact["rule_outcome"] == "eligible":
                fact["eligible_at"] = max(fact["applied_at"], fact["onboarded_at"], fact["qualified_at"])

    def _referral(self, referral_id: int, referral: Row) -> Row:
        applications = self.of_referral[referral_id, "referral_applied"]
        referred = referral.get("referred_user_id")
        if referred is None and applications:
            referred = applications[0]["user_id"]
        applied = next((e["event_at"] for e in applications if e["user_id"] == referred), None)
        clicks = self.of_referral[referral_id, "invite_clicked"]
        channels = [meta_text(e, "channel") for e in self.of_referral[referral_id, "invite_sent"]]
        sender, sent = referral["referrer_user_id"], referral["sent_at"]
        signup = self.users[referred]["created_at"] if referred in self.users else None
        miles = self.milestones(referred)
        start = miles["first_install_at"] or signup
        within = None
        if applied is not None:
            within = (signup is not None and applied <= signup) or (
                start is not None and applied <= start + timedelta(hours=48)
            )
        new = None
        install = self.first.get((referred, "install"))
        if install is not None and meta_flag(install, "is_reinstall"):
            new = False  # known not to be new, whenever they signed up
        elif signup is not None:
            new = signup >= sent
        elif referred is not None and applied is not None:
            new = False
        theirs = set(self.identity[referred]) if referred is not None else set()
        if referral.get("referred_email"):
            theirs.add(("email", email_key(referral["referred_email"])))
        return {
            "referrer_user_id": sender, "referred_user_id": referred,
            "channel": referral.get("channel") or next((c for c in channels if c), "unknown"),
            "source_status": referral["status"], "cohort_week": monday(sent),
            "referrer_school_id": self.school_at(sender, sent),
            "referrer_user_type": self.users[sender]["user_type"] if sender in self.users else None,
            "sent_at": sent, "clicked_at": clicks[0]["event_at"] if clicks else None, "signup_at": signup,
            "applied_at": applied, **miles,
            "is_clicked": bool(clicks) or referral["status"] in ("clicked", "converted"),
            "is_within_48h": within, "is_new_user": new,
            "is_referrer_verified": sender in self.users and self.users[sender].get("is_verified") is not False,
            "is_self_referral": sender == referred or bool(theirs & self.identity[sender]),
        }  # fmt: skip

    def _outcome(self, fact: Row) -> str:
        rules = [
            (fact["applied_at"] is None and self.as_of - fact["sent_at"] < timedelta(days=30), "open"),
            (fact["applied_at"] is None, "expired"),
            (fact["is_self_referral"], "self_referral"),
            (not fact["is_referrer_verified"], "referrer_unverified"),
            (not fact["is_new_user"], "not_new"),
            (not fact["is_within_48h"], "outside_window"),
            (not fact["is_credited"], "duplicate_credit"),
            (fact["onboarded_at"] is None, "onboarding_incomplete"),
            (fact["qualified_at"] is None, "no_qualifying_action"),
        ]
        return next((name for applies, name in rules if applies), "eligible")

    def _side(self, event: Row) -> str | None:
        named = meta_text(event, "reward_type")
        if named in SIDES:
            return named
        fact = self.tables["fct_referral"].get(event["belongs"], {})
        if fact.get("referrer_user_id") == event["user_id"]:
            return SIDES[0]
        return SIDES[1] if fact.get("referred_user_id") == event["user_id"] else None

    def _rewards(self) -> None:
        ledger = self.tables["fct_rewards"]
        first_award: dict[str, datetime] = {}
        for event in self.events:
            kind = event["event_type"].removeprefix("reward_")
            if event["event_type"] not in ("reward_awarded", "reward_redeemed", "reward_withheld"):
                continue
            side, at, referral_id = self._side(event), event["event_at"], event["belongs"]
            parts = (referral_id, event["user_id"], side)
            key = "|".join("" if part is None else str(part) for part in parts)
            amount = meta_amount(event, "amount_usd")
            eligible = None
            if kind == "awarded":
                ready = self.tables["fct_referral"].get(referral_id, {}).get("eligible_at")
                eligible = ready is not None and ready <= at
            ledger[event["event_id"]] = {
                "reward_key": key, "referral_id": referral_id, "user_id": event["user_id"], "reward_type": side,
                "entry_type": kind, "entry_at": at, "entry_date": at.date(),
                "amount_usd": Decimal("5.00") if amount is None else amount,
                "is_duplicate": kind == "awarded" and key in first_award, "is_eligible_at_award": eligible,
            }  # fmt: skip
            if kind == "awarded":
                first_award.setdefault(key, at)
        for entry in ledger.values():
            award = first_award.get(entry["reward_key"])
            backed = award is not None and award <= entry["entry_at"]
            sign = {"awarded": 1, "redeemed": -1, "withheld": -1 if backed else 0}[entry["entry_type"]]
            entry["signed_amount_usd"] = sign * entry["amount_usd"]
            entry["is_orphan"] = entry["entry_type"] == "redeemed" and not backed

    def _award_states(self) -> None:
        state: dict[tuple[int, str | None], str] = {}
        awarded: dict[tuple[int, str | None], datetime] = {}
        for entry in self.tables["fct_rewards"].values():  # in the order of time and id
            side = (entry["referral_id"], entry["reward_type"])
            if entry["entry_type"] != "redeemed":
                state[side] = entry["entry_type"]
            if entry["entry_type"] == "awarded":
                awarded.setdefault(side, entry["entry_at"])
        for referral_id, fact in self.tables["fct_referral"].items():
            sides = [state.get((referral_id, side), "open") for side in SIDES]
            fact["referrer_awarded_at"] = awarded.get((referral_id, SIDES[0]))
            fact["referred_awarded_at"] = awarded.get((referral_id, SIDES[1]))
            if fact["rule_outcome"] != "eligible":
                answer = "improper" if "awarded" in sides else "withheld" if "withheld" in sides else "none"
            elif "open" in sides:
                answer = "due" if self.as_of <= fact["eligible_at"] + timedelta(hours=48) else "overdue"
            else:
                answer = "withheld" if "withheld" in sides else "awarded"
            fact["award_state"] = answer

    def _users(self) -> None:
        credit = {
            self.tables["fct_referral"][i]["referred_user_id"]: self.tables["fct_referral"][i]["referrer_user_id"]
            for i in self.credited
        }
        paid = ("paid_social", "paid_search", "influencer", "partner")
        for user_id, user in self.users.items():
            miles, created = self.milestones(user_id), user["created_at"]
            qualified = miles.pop("qualified_at")
            hours = None
            if qualified is not None and qualified >= created:
                hours = (qualified - created).total_seconds() / 3600
            name = f"User {user_id}"
            if user.get("first_name"):
                name = user["first_name"] + (f" {user['last_name'][0]}." if user.get("last_name") else "")
            channel = user.get("marketing_channel") or "unknown"
            self.tables["dim_user"][user_id] = {
                "user_type": user["user_type"], "marketing_channel": channel,
                "is_verified": user.get("is_verified") is not False,
                "school_id": self.school_at(user_id, self.as_of), "created_at": created,
                "signup_date": created.date(), "cohort_week": monday(created), **miles,
                "first_qualifying_at": qualified, "hours_to_first_qualifying": hours,
                "acquired_via": "referral" if user_id in credit else "paid" if channel in paid else "organic",
                "referred_by_user_id": credit.get(user_id), "display_name": name,
            }  # fmt: skip

    def _schools_and_products(self) -> None:
        for school_id, s in self.schools.items():
            row = {name: s.get(name) for name in ("name", "city", "state", "zip_code", "created_at")}
            row["is_us_address"] = (s.get("state") or "").upper() in US
            self.tables["dim_school"][school_id] = row
        self.tables["dim_school"][-1] = {"is_us_address": None}
        for product_id, p in self.products.items():
            names = ("name", "category", "price", "points_per_dollar")
            self.tables["dim_product"][product_id] = {name: p[name] for name in names}

    def _user_days(self) -> None:
        counted = {
            "app_open": "app_opens", "receipt_scan_started": "scans_started",
            "receipt_scan_completed": "scans_completed", "receipt_scan_failed": "scans_failed",
            "incentive_viewed": "incentives_viewed", "invite_sent": "invites_sent",
        }  # fmt: skip
        zero = dict.fromkeys([*counted.values(), "purchases", "spend_usd", "points_earned"], 0)
        days: dict[Any, Row] = defaultdict(lambda: dict(zero))
        for event in self.events:
            row = days[event["user_id"], event["event_at"].date()]
            if event["event_type"] in counted:
                row[counted[event["event_type"]]] += 1
        for p in self.purchases:
            row = days[p["user_id"], p["purchased_at"].date()]
            row["purchases"] += 1
            row["spend_usd"] += p["price_paid"]
            row["points_earned"] += p["points_earned"]
        for (user_id, day), row in days.items():
            active = ("app_opens", "scans_started", "scans_completed", "scans_failed", "purchases")
            row["is_active"] = sum(row[name] for name in active) > 0
            row["is_contributing"] = row["scans_completed"] + row["purchases"] > 0
            user = self.users.get(user_id)
            row["days_since_signup"] = (day - user["created_at"].date()).days if user else None
        self.tables["fct_user_day"] = days

    def _school_days(self) -> None:
        names = ("purchases", "spend_usd", "points_earned", "amount_raised_usd", "new_links")
        days: dict[Any, Row] = defaultdict(lambda: dict.fromkeys(names, 0))
        buyers = defaultdict(set)
        for p in self.tables["fct_purchase"].values():
            key = (p["school_id"], p["purchase_date"])
            buyers[key].add(p["user_id"])
            days[key]["purchases"] += 1
            days[key]["spend_usd"] += p["price_paid"]
            days[key]["points_earned"] += p["points_earned"]
            days[key]["amount_raised_usd"] += p["amount_raised_usd"]
        for links in self.links.values():
            for at, school in links:
                days[school, at.date()]["new_links"] += 1
        for key, row in days.items():
            row["supporters"] = len(buyers[key])
        self.tables["fct_school_day"] = days

    def _network(self) -> None:
        edges = {
            f["referred_user_id"]: (f["eligible_at"], referral_id, f["referrer_user_id"])
            for referral_id, f in self.tables["fct_referral"].items()
            if f["is_credited"] and f["rule_outcome"] == "eligible"
        }
        offspring: dict[int, list[datetime]] = defaultdict(list)
        for eligible_at, _, parent in edges.values():
            offspring[parent].append(eligible_at)
        for start in list(edges):  # a child has one parent, so a walk upwards finds the only ring it can be in
            path: list[int] = []
            here = start
            while here in edges and here not in path:
                path.append(here)
                here = edges[here][2]
            if here in path:
                del edges[max(path[path.index(here) :], key=lambda child: edges[child][:2])]
        self.edges = [(parent, child) for child, (_, _, parent) in edges.items()]
        raised: Counter[int] = Counter()
        for p in self.tables["fct_purchase"].values():
            raised[p["user_id"]] += p["amount_raised_usd"]
        invites = Counter(e["user_id"] for e in self.events if e["event_type"] == "invite_sent")
        users = self.tables["fct_network_effects_user"]
        for user_id, user in self.users.items():
            created = user["created_at"]
            mature = created + timedelta(days=67) <= self.as_of
            k_60 = sum(at <= created + timedelta(days=60) for at in offspring[user_id]) if mature else None
            users[user_id] = {
                "root_user_id": user_id, "depth": 0, "direct_referrals": len(offspring[user_id]), "descendants": 0,
                "max_depth_below": 0, "subtree_amount_raised_usd": raised[user_id],
                "invites_sent": invites[user_id], "k_60": k_60,
            }  # fmt: skip
        for user_id, row in users.items():
            here = user_id
            while here in edges:
                here = edges[here][2]
                row["depth"] += 1
                above = users[here]
                above["descendants"] += 1
                above["max_depth_below"] = max(above["max_depth_below"], row["depth"])
                above["subtree_amount_raised_usd"] += raised[user_id]
            row["root_user_id"] = here
        self._network_schools()

    def _network_schools(self) -> None:
        people, dim = self.tables["fct_network_effects_user"], self.tables["dim_user"]
        month = timedelta(days=28)
        for school in {*self.schools, -1, *(u["school_id"] for u in dim.values())}:
            members = [u for u, row in dim.items() if row["school_id"] == school]
            into = [(p, c) for p, c in self.edges if dim[c]["school_id"] == school]
            out = [p for p, _ in self.edges if dim[p]["school_id"] == school]
            same = sum(school != -1 and dim[p]["school_id"] == school for p, _ in into)
            mature = [people[u]["k_60"] for u in members if people[u]["k_60"] is not None]
            created = [dim[u]["created_at"] for u in members]
            end, middle, begin = self.as_of, self.as_of - month, self.as_of - 2 * month
            self.tables["fct_network_effects_school"][school] = {
                "members": len(members), "members_referred": sum(people[u]["depth"] > 0 for u in members),
                "invites_sent": sum(people[u]["invites_sent"] for u in members),
                "k_60": sum(mature) / len(mature) if mature else None,
                "same_school_share": same / len(into) if into else None,
                "inbound_referrals": len(into), "outbound_referrals": len(out),
                "top_sender_share": max(Counter(out).values()) / len(out) if out else None,
                "new_members_28d": sum(middle <= at < end for at in created),
                "new_members_prior_28d": sum(begin <= at < middle for at in created),
            }  # fmt: skip
