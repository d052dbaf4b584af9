"""Types of signal and their evidence in plain words. Ids of users stand in them, never an identifier itself."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from dash_app.filters import day_text
from dash_app.formats import moment, plural, share, usd

NAMES = {
    "self_referral_account": "One account invited itself",
    "self_referral_device": "Both sides share a device",
    "self_referral_email": "Both sides share a mailbox",
    "self_referral_payment": "Both sides share a payment method",
    "shared_device_cluster": "Newcomers share a device",
    "shared_email_cluster": "Newcomers share a mailbox",
    "shared_payment_cluster": "Newcomers share a payment method",
    "velocity_burst": "Burst of newcomers who left",
    "minimum_effort_ring": "Newcomers who only linked a school",
    "circular_referral": "Invitations in a circle",
    "reinstall_abuse": "Re-install passed off as new",
    "duplicate_award": "Paid twice",
    "improper_award": "Paid against the rules",
    "orphan_redemption": "Spent without an award",
    "overdue_reward": "Owed for over 48 hours",
}
_OUTCOMES = {
    "open": "the code was not applied yet",
    "expired": "the code was never applied",
    "self_referral": "it is a self-referral",
    "referrer_unverified": "the referrer is not verified",
    "not_new": "the friend was a user already, or re-installed",
    "outside_window": "the code came after 48 hours",
    "duplicate_credit": "another invitation was credited",
    "onboarding_incomplete": "onboarding is not completed",
    "no_qualifying_action": "there is no scan and no school yet",
    "eligible": "it is eligible",
}
_SHARED = {"device": "device", "payment": "payment method", "email": "mailbox", "account": "account"}
#: Evidence that no sentence is made for: its key in words, for types that a later build brings.
KEYS = {
    "referrer_user_id": "referrer",
    "referred_user_id": "referred user",
    "rule_outcome": "how the referral stands",
    "awarded_at": "awarded",
    "eligible_at": "eligible since",
    "first_week": "first week",
    "weeks": "weeks",
    "newcomers": "newcomers",
    "newcomers_judged": "of them judged",
    "newcomers_who_came_back": "came back",
    "chance_after_all_comparisons": "chance of it by luck alone",
    "people_in_ring": "people in the circle",
    "ring_size": "people",
    "silent_newcomers": "newcomers never seen again",
    "closed_at": "closed",
    "entries": "entries",
    "users": "users",
    "amount_usd": "amount",
    "first_entry_at": "first entry",
    "last_entry_at": "last entry",
    "usual_silent_share": "usual share of such newcomers",
    "first_install_at": "first install",
    "applied_at": "code applied",
    "shared_kind": "what is shared",
    "shared_identifiers": "how many are shared",
    "is_invited_address": "the invited address is the referrer's own",
    "shared_from": "shared since",
    "newcomers_who_share": "newcomers who share",
    "first_two_at": "the second one came",
}
_SENTENCES = {
    "self_referral_account": "User {referrer_user_id} invited their own account.",
    "self_referral_email": "User {referrer_user_id} and user {referred_user_id} {mailbox}; {applied}.",
    "self_referral": "User {referrer_user_id} and user {referred_user_id}, whom they invited, were both seen with "
    "{identifiers}, since {shared_from}; {applied}.",
    "shared": "{newcomers_who_share} newcomers of one referrer share a {shared} with each other or with the referrer; "
    "the second came {first_two_at}.",
    "velocity_burst": "From the week of {first_week} on, {newcomers} people came by this user in {unusual_weeks}; "
    "{newcomers_who_came_back} of {newcomers_judged} came back within a week. By luck alone: {chance}.",
    "minimum_effort_ring": "{silent_newcomers} of {newcomers} newcomers linked a school, did nothing else and were "
    "never seen again; usual is {usual_silent_share}. By luck alone: {chance}.",
    "circular_referral": "Invitations go round: {ring}. Closed {closed_at}; {silent_newcomers} of "
    "{newcomers_judged} newcomers judged were never seen again.",
    "reinstall_abuse": "User {referred_user_id} applied the code of user {referrer_user_id} on {applied_at}, but their "
    "first install, {first_install_at}, was a re-install: they were here before.",
    "duplicate_award": "{awards} too many, {amount_usd}; the first {first_entry_at}.",
    "improper_award": "Awarded {awarded_at}, although {rule_outcome}.",
    "orphan_redemption": "{amount_usd} spent from {first_entry_at} on, and no award came before.",
    "overdue_reward": "Eligible since {eligible_at}, and a side is still unpaid.",
}


def name(signal_type: str) -> str:
    """A type of signal in words; one that this version does not know as it is."""
    return NAMES.get(signal_type, signal_type.replace("_", " "))


def reasons(types: str) -> str:
    """The types of a case, as fct_review_case lists them, in words."""
    first, *others = [name(signal_type) for signal_type in types.split(", ")]
    return "; ".join([first, *(other[0].lower() + other[1:] for other in others)])


def outcome(rule_outcome: object) -> str:
    """How a referral stands, in words that continue a sentence."""
    return _OUTCOMES.get(str(rule_outcome), str(rule_outcome).replace("_", " "))


def evidence(signal_type: str, evidence_json: object) -> str:
    """What was seen, as a sentence; of a type unknown to this version as a list of its facts."""
    try:
        seen = json.loads(evidence_json) if isinstance(evidence_json, str) else {}
    except ValueError:
        seen = {}
    if not isinstance(seen, Mapping) or not seen:
        return "The evidence cannot be read."
    sentence = _SENTENCES.get(signal_type) or next(
        (text for start, text in _SENTENCES.items() if signal_type.startswith(f"{start}_")), None
    )
    told = _Told({key: _written(key, value) for key, value in seen.items()} | _phrases(seen))
    if sentence is None:
        return "; ".join(f"{KEYS.get(key, key.replace('_', ' '))}: {told[key]}" for key in seen) + "."
    return sentence.format_map(told)


class _Told(dict[str, str]):
    """Facts in words; what a build does not tell is said to be so."""

    def __missing__(self, key: str) -> str:
        return "(not told)"


def _phrases(seen: Mapping[str, Any]) -> dict[str, str]:
    """Facts that read otherwise inside a sentence."""
    kind = _SHARED.get(str(seen.get("shared_kind")), "identifier")
    ring = seen.get("people_in_ring")
    is_address = seen.get("is_invited_address") is True
    since = _written("shared_from", seen.get("shared_from"))
    return {
        "shared": kind,
        "identifiers": _number(seen.get("shared_identifiers"), f"common {kind}"),
        "mailbox": "are one person by the invited address" if is_address else f"have one mailbox since {since}",
        "applied": f"the code was applied {_written('applied_at', seen['applied_at'])}"
        if seen.get("applied_at")
        else "the code was not applied",
        "unusual_weeks": _number(seen.get("weeks"), "unusual week"),
        "awards": _number(seen.get("entries"), "award"),
        "chance": _chance(seen.get("chance_after_all_comparisons")),
        "ring": " → ".join(f"{user}" for user in [*ring, *ring[:1]]) if isinstance(ring, list) else "(not told)",
        "rule_outcome": outcome(seen.get("rule_outcome")),
    }


def _chance(value: Any) -> str:
    if not _is_number(value):
        return "(not told)"
    return "under 1 in 10,000" if value < 1e-4 else f"{value:.4f}"


def _written(key: str, value: Any) -> str:
    if value is None:
        return "(not known)"
    if key.endswith("_usd") and _is_number(value):
        return usd(value)
    if key == "usual_silent_share" and _is_number(value):
        return share(value)
    if isinstance(value, str):
        return _SHARED.get(value, value) if key == "shared_kind" else _day_or_text(value)
    return ", ".join(str(part) for part in value) if isinstance(value, list) else str(value)


def _day_or_text(text: str) -> str:
    try:
        return day_text(date.fromisoformat(text)) if len(text) == 10 else moment(datetime.fromisoformat(text))
    except ValueError:
        return text


def _number(value: Any, noun: str) -> str:
    return plural(value, noun) if _is_number(value) else f"a {noun}"


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
