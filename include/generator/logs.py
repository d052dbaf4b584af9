"""The rows of events and purchases: what lives decided beforehand, and what people did on the day."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from include.generator import happenings as ev
from include.generator.arrow import constant, decimals, ids, moments, text, words
from include.generator.behaviour import Group, Happenings, Receipts
from include.generator.channels import INVITE_CHANNEL_NAMES
from include.generator.incidents import app_versions
from include.generator.lives import NOBODY
from include.generator.personas import FAILURE_REASONS, PLATFORMS
from include.generator.records import referral_code
from include.generator.rewards import BONUS_CENTS
from include.generator.seasons import DAY_SECONDS, to_date
from include.generator.world import World

CODE_ONLY_EVERY = 20  # one referral_applied in twenty carries the code but not the referral's id
BONUS_USD = tuple(f"{cents / 100:.2f}" for cents in BONUS_CENTS)
DAY_NAMES = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
SCAN_TYPES = (ev.SCAN_STARTED, ev.SCAN_SUBMITTED, ev.SCAN_COMPLETED, ev.SCAN_FAILED)


def day_event_rows(world: World, day: int, group: Group, happenings: list[Happenings]) -> pa.Table:
    """The events of one group of people on one day, in the order of ``happenings``."""
    prefix = f"{to_date(day):%Y%m%d}{group.kind}-"
    opening = _phones(world)
    versions = app_versions(world.incidents, day)
    blocks, first = [], 0
    for happening in happenings:
        n = len(happening.user)
        version = words(versions, world.people["platform"][happening.user])
        if happening.event_type in SCAN_TYPES:
            extra = [f',"scan_id":"s{prefix}', happening.detail, '"']
        elif happening.event_type == ev.INCENTIVE_VIEWED:
            extra = [',"incentive_id":"inc-', happening.detail, '"']
        else:
            extra = []
        if happening.reason is not None:
            extra += [',"failure_reason":"', words(FAILURE_REASONS, happening.reason), '"']
        if happening.purchase is not None:
            extra += [f',"purchase_id":"p{prefix}', happening.purchase, '"']
        blocks.append(
            pa.table(
                {
                    "event_id": text(f"e{prefix}", np.arange(first, first + n)),
                    "user_id": ids(happening.user + 1),
                    "event_type": constant(ev.EVENT_TYPES[happening.event_type], n),
                    "event_at": moments(happening.at),
                    "referral_id": pa.nulls(n, pa.int64()),
                    "metadata_json": text(
                        opening.take(pa.array(happening.user)), '"app_version":"', version, '"', *extra, "}"
                    ),
                }
            )
        )
        first += n
    return pa.concat_tables(blocks)


@lru_cache(maxsize=2)
def _phones_of(world: World, count: int) -> pa.Array:
    platform = words(PLATFORMS, world.people["platform"])
    return text('{"device_id":"dev-', world.people["device"], '","platform":"', platform, '",')


def _phones(world: World) -> pa.Array:
    """The beginning of the metadata that each person's phone sends."""
    return _phones_of(world, len(world.people))


def day_purchase_rows(world: World, day: int, group: Group, receipts: Receipts) -> pa.Table:
    """The purchases of one group of people on one day."""
    number = np.arange(len(receipts.user))
    purchase_id = text(f"p{to_date(day):%Y%m%d}{group.kind}-", number)
    return _purchases(
        world, purchase_id, receipts.user, receipts.product, receipts.quantity, receipts.cents, receipts.at
    )


def life_purchase_rows(world: World, chosen: np.ndarray) -> pa.Table:
    """The chosen first purchases."""
    rows = {name: world.purchases[name][chosen] for name in world.purchases.names}
    purchase_id = text("first-", rows["user"] + 1)
    return _purchases(world, purchase_id, rows["user"], rows["product"], rows["quantity"], rows["cents"], rows["at"])


def _purchases(
    world: World,
    purchase_id: pa.Array,
    user: np.ndarray,
    product: np.ndarray,
    quantity: np.ndarray,
    cents: np.ndarray,
    at: np.ndarray,
) -> pa.Table:
    # Cents times hundredths of a point per dollar are ten-thousandths of a point: exact.
    points = cents * world.products.points_per_dollar_hundredths[product]
    return pa.table(
        {
            "purchase_id": purchase_id,
            "user_id": ids(user + 1),
            "product_id": ids(product + 1),
            "quantity": ids(quantity),
            "price_paid": decimals(cents, 2),
            "points_earned": decimals(points, 4),
            "purchased_at": moments(at),
            "day_of_week": words(DAY_NAMES, (at // DAY_SECONDS + 3) % 7),
            "hour_of_day": ids(at % DAY_SECONDS // 3600),
        }
    )


def life_event_rows(world: World, chosen: np.ndarray) -> pa.Table:
    """The chosen one-time events, in the order of ``chosen``."""
    rows = {name: world.events[name][chosen] for name in world.events.names}
    blocks, places = [], []
    for code in range(len(ev.EVENT_TYPES)):
        place = np.flatnonzero(rows["type"] == code)
        if not len(place):
            continue
        part = {name: values[place] for name, values in rows.items()}
        has_referral = part["referral"] != NOBODY
        if code == ev.REFERRAL_APPLIED:
            has_referral &= chosen[place] % CODE_ONLY_EVERY != 0
        blocks.append(
            pa.table(
                {
                    "event_id": text("life-", chosen[place]),
                    "user_id": ids(part["user"] + 1),
                    "event_type": constant(ev.EVENT_TYPES[code], len(place)),
                    "event_at": moments(part["at"]),
                    "referral_id": ids(part["referral"] + 1, has_referral),
                    "metadata_json": _life_metadata(world, code, part),
                }
            )
        )
        places.append(place)
    if not blocks:
        return pa.table(
            {
                "event_id": pa.array([], pa.string()),
                "user_id": pa.array([], pa.int64()),
                "event_type": pa.array([], pa.string()),
                "event_at": pa.array([], pa.timestamp("s")),
                "referral_id": pa.array([], pa.int64()),
                "metadata_json": pa.array([], pa.string()),
            }
        )
    return pa.concat_tables(blocks).take(pa.array(np.argsort(np.concatenate(places))))


def _life_metadata(world: World, code: int, part: dict[str, np.ndarray]) -> pa.Array:
    user, detail = part["user"], part["detail"]
    channel = words(INVITE_CHANNEL_NAMES, detail % len(INVITE_CHANNEL_NAMES))
    link = ['"channel":"', channel, '","referral_code":"', referral_code(part["referral"]), '"']
    if code == ev.INVITE_CLICKED:
        return text("{", *link, "}")
    if code in (ev.REWARD_AWARDED, ev.REWARD_REDEEMED, ev.REWARD_WITHHELD):
        amount = words(BONUS_USD, detail)
        return text('{"reward_type":"', words(ev.REWARD_TYPES, part["side"]), '","amount_usd":', amount, "}")
    extra: list[str | pa.Array | np.ndarray] = []
    if code == ev.INSTALL:
        extra = [words(("", ',"is_reinstall":true'), detail)]
    elif code == ev.SCHOOL_LINKED:
        extra = [',"school_id":', detail]
    elif code == ev.INVITE_SENT:
        extra = [",", *link]
    elif code == ev.REFERRAL_APPLIED:
        extra = [',"referral_code":"', referral_code(part["referral"]), '"']
    elif code in SCAN_TYPES:
        extra = [',"scan_id":"first-', detail + 1, '"']
        if code == ev.SCAN_COMPLETED:
            extra += [',"purchase_id":"first-', detail + 1, '"']
    elif code == ev.PAYMENT_METHOD_ADDED:
        extra = [',"payment_fingerprint":"pay-', detail, '"']
    days, place = np.unique(part["at"] // DAY_SECONDS, return_inverse=True)
    versions = [version for number in days for version in app_versions(world.incidents, int(number))]
    version = place * len(PLATFORMS) + world.people["platform"][user]
    phone = _phones(world).take(pa.array(user))
    if code == ev.APP_OPEN:  # an opening with a detail happened on somebody else's device
        platform = words(PLATFORMS, world.people["platform"][user])
        lent = text('{"device_id":"dev-', np.maximum(detail - 1, 0), '","platform":"', platform, '",')
        phone = pc.if_else(detail > 0, lent, phone)
    return text(phone, '"app_version":"', words(versions, version), '"', *extra, "}")
