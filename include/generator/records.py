"""The rows of the slowly changing tables, as the source knows them at the end of a day."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from include.generator import schemes
from include.generator.arrow import decimals, ids, moments, text, words
from include.generator.channels import CHANNEL_NAMES, INVITE_CHANNEL_NAMES
from include.generator.lives import NEVER, VERIFICATION_MISSING, VERIFIED
from include.generator.names import DOMAINS
from include.generator.personas import PERSONAS
from include.generator.seasons import DAY_SECONDS
from include.generator.world import World

USER_TYPES = tuple(persona.user_type for persona in PERSONAS)
# What a corrected record said before, by the person's number: a mistyped domain, a cut name, the wrong type.
WRONG_DOMAIN, WRONG_NAME, WRONG_TYPE = range(3)
CHANNEL_MISSING_EVERY = 10  # one referral in ten leaves its channel to the invite_sent event


def school_rows(world: World) -> pa.Table:
    """One row per school."""
    schools = world.schools
    return pa.table(
        {
            "school_id": ids(np.arange(1, len(schools) + 1)),
            "name": pa.array(schools.name),
            "address": pa.array(schools.address),
            "city": pa.array(schools.city),
            "state": pa.array(schools.state),
            "zip_code": pa.array(schools.zip_code),
            "created_at": moments(schools.created_at),
        }
    )


def product_rows(world: World) -> pa.Table:
    """One row per product."""
    products = world.products
    return pa.table(
        {
            "product_id": ids(np.arange(1, len(products) + 1)),
            "name": pa.array(products.name),
            "description": pa.array(products.description),
            "category": pa.array(products.category),
            "price": decimals(products.price_cents, 2),
            "points_per_dollar": decimals(products.points_per_dollar_hundredths * 100, 4),
            "created_at": moments(products.created_at),
        }
    )


def user_rows(world: World, chosen: np.ndarray, day: int) -> pa.Table:
    """One row per chosen person, as of the end of that day; all of them have signed up by then."""
    people = {name: world.people[name][chosen] for name in world.people.names}
    end = (day + 1) * DAY_SECONDS
    corrected = people["corrected_at"] < end
    will_be_corrected = (people["corrected_at"] < NEVER) & ~corrected
    mistake = np.where(will_be_corrected, chosen % 3, -1)

    changed, linked = people["changed_at"] < end, people["linked_at"] < end
    school = np.where(changed, people["changed_school"], people["school"]) + 1
    verified = (people["verified"] == VERIFIED) & ((people["verified_at"] >= NEVER) | (people["verified_at"] < end))
    last_name = words(world.names.last, people["last_name"])
    last_name = pc.if_else(mistake == WRONG_NAME, pc.utf8_slice_codeunits(last_name, 0, 3), last_name)
    user_type = np.where(mistake == WRONG_TYPE, (people["persona"] + 1) % len(USER_TYPES), people["persona"])
    pays = (people["payment"] >= 0) & (people["payment_at"] < end)
    # The hard variant of a shared payment shows in an event only, never in the record.
    pays &= ~(people["is_fake"] & people["is_hard"] & (people["scheme"] == schemes.SELF_PAYMENT))
    return pa.table(
        {
            "user_id": ids(chosen + 1),
            "email": _emails(world, people, mistake == WRONG_DOMAIN),
            "created_at": moments(people["created_at"]),
            "user_type": words(USER_TYPES, user_type),
            "first_name": words(world.names.first, people["first_name"]),
            "last_name": last_name,
            "school_id": ids(school, linked | changed),
            "is_verified": ids(verified, people["verified"] != VERIFICATION_MISSING),
            "device_id": text("dev-", people["device"]),
            "payment_fingerprint": pc.if_else(pays, text("pay-", people["payment"]), pa.scalar(None, pa.string())),
            "marketing_channel": pc.if_else(
                _channel_is_lost(world, people), pa.scalar(None, pa.string()), words(CHANNEL_NAMES, people["channel"])
            ),
        }
    )


def _channel_is_lost(world: World, people: dict[str, np.ndarray]) -> np.ndarray:
    """Who came by a channel whose tracking was lost at the time."""
    day = people["created_at"] // DAY_SECONDS
    lost = np.zeros(len(day), bool)
    for incident in world.incidents.of("lost_attribution"):
        during = (day >= incident.first_day) & (day <= incident.last_day)
        lost |= during & (people["channel"] == incident.channel)
    return lost


def _emails(world: World, people: dict[str, np.ndarray], mistyped: np.ndarray) -> pa.Array:
    owner, alias = people["email_owner"], people["email_alias"]
    first = words(world.names.first, world.people["first_name"][owner])
    last = words(world.names.last, world.people["last_name"][owner])
    first, last = (pc.utf8_lower(pc.replace_substring_regex(name, "[^A-Za-z]", "")) for name in (first, last))
    plain = text(first, ".", last, owner + 1)
    local = pc.if_else(alias > 0, text(plain, "+", alias), plain)
    for number, respelled in enumerate(
        (text(first, last, owner + 1), text(first, last, ".", owner + 1), text(first, ".", last, ".", owner + 1))
    ):
        local = pc.if_else(alias == -1 - number, respelled, local)
    domain = words(DOMAINS, people["email_domain"])
    domain = pc.if_else(alias < 0, "googlemail.com", domain)
    return text(local, "@", pc.if_else(mistyped, pc.replace_substring(domain, ".", ".."), domain))


def referral_code(referral: np.ndarray) -> pa.Array:
    """The code in the link: one per invitation."""
    return text("CC", referral + 100_001)


def referral_rows(world: World, chosen: np.ndarray, converted: np.ndarray, day: int) -> pa.Table:
    """One row per chosen referral as of the end of that day. ``converted``: its row in world.conversions, or -1."""
    end = (day + 1) * DAY_SECONDS
    referrals = {name: world.referrals[name][chosen] for name in world.referrals.names}
    sender = referrals["sender"]
    row = np.maximum(converted, 0)
    has_row = converted >= 0
    converted_at = np.where(has_row, _at(world.conversions["converted_at"], row), NEVER)
    referred = np.where(has_row, _at(world.conversions["referred"], row), 0)
    is_converted = converted_at < end
    status = np.where(is_converted, 2, np.where(referrals["clicked_at"] < end, 1, 0))
    plays = {name: world.people[name][sender] for name in world.people.names}
    to_alias = referrals["is_abusive"] & (plays["scheme"] == schemes.SELF_EMAIL)
    alias = {**plays, "email_owner": sender, "email_alias": np.full(len(chosen), 99)}
    friend = text("friend", chosen + 1, "@", words(DOMAINS, chosen % len(DOMAINS)))
    address = pc.if_else(to_alias, _emails(world, alias, np.zeros(len(chosen), bool)), friend)
    channel = words(INVITE_CHANNEL_NAMES, referrals["channel"])
    missing = pa.scalar(None, pa.string())
    return pa.table(
        {
            "referral_id": ids(chosen + 1),
            "referrer_user_id": ids(sender + 1),
            "referral_code": referral_code(chosen),
            "sent_at": moments(referrals["sent_at"]),
            "status": words(("sent", "clicked", "converted"), status),
            "referred_email": pc.if_else(referrals["names_an_email"], address, missing),
            "referred_user_id": ids(referred + 1, is_converted),
            "converted_at": moments(np.where(is_converted, converted_at, NEVER)),
            "channel": pc.if_else(chosen % CHANNEL_MISSING_EVERY == 0, missing, channel),
        }
    )


def _at(column: np.ndarray, rows: np.ndarray) -> np.ndarray:
    return column[rows] if len(column) else np.zeros(len(rows), column.dtype)
