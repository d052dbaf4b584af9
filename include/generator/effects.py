"""The true values that an analysis of this world should find, and those it should reject."""

from __future__ import annotations

from typing import Any

from include.generator import personas
from include.generator.catalogue import PROMOTED_FACTOR
from include.generator.channels import INVITE_CHANNEL_NAMES
from include.generator.places import NO_SCHOOL
from include.generator.rewards import BONUS_CENTS
from include.generator.seasons import DAY_SECONDS, PROMOTION_FACTOR_PERCENT, to_date
from include.generator.world import World

CONVERSION_DAYS, GROWTH_DAYS = 30, 60
SETTLING_DAYS = 7  # a unit is mature once late rows have had their week


def planted_effects(world: World, through_day: int) -> dict[str, Any]:
    """Conversion by channel, K_60, drivers, bonus, promotions and incidents, true as of the end of that day."""
    return {
        "as_of": to_date(through_day + 1).isoformat(),
        "conversion": _conversion(world, through_day + 1),
        "k_60": _k_60(world, through_day + 1, everybody=True),
        "k_60_genuine": _k_60(world, through_day + 1, everybody=False),
        "drivers": [
            {"name": name, "is_true": factor != 1.0, "lifetime_factor": factor}
            for name, factor in personas.RETENTION_DRIVERS.items()
        ],
        "bonus": _bonus(world),
        "compounding_school": _compounding_school(world),
        "promotion": {"price_factor": PROMOTION_FACTOR_PERCENT / 100, "demand_factor": PROMOTED_FACTOR},
        "incidents": [
            {
                "kind": incident.kind,
                "start": to_date(incident.first_day).isoformat(),
                "end": to_date(incident.last_day).isoformat(),
            }
            for incident in world.incidents
            if incident.first_day <= through_day
        ],
    }


def _conversion(world: World, as_of_day: int) -> dict[str, dict[str, float]]:
    """Eligible within 30 days of sending / sends mature for 30, by the channel that was really used."""
    sent_at, channel = world.referrals["sent_at"], world.referrals["channel"]
    mature = sent_at + (CONVERSION_DAYS + SETTLING_DAYS) * DAY_SECONDS <= as_of_day * DAY_SECONDS
    _, _, eligible_at = world.ends_of_referrals()
    converted = mature & (eligible_at - sent_at <= CONVERSION_DAYS * DAY_SECONDS)
    return {
        name: _rate(int((converted & (channel == code)).sum()), int((mature & (channel == code)).sum()))
        for code, name in enumerate(INVITE_CHANNEL_NAMES)
    }


def _k_60(world: World, as_of_day: int, everybody: bool) -> dict[str, float]:
    """Offspring eligible within 60 days of their referrer's sign-up / users mature for 60."""
    created_at = world.people["created_at"]
    counted = created_at + (GROWTH_DAYS + SETTLING_DAYS) * DAY_SECONDS <= as_of_day * DAY_SECONDS
    if not everybody:
        counted &= world.people["scheme"] == 0
    _, _, eligible_at = world.ends_of_referrals()
    sender = world.referrals["sender"]
    offspring = counted[sender] & (eligible_at - created_at[sender] <= GROWTH_DAYS * DAY_SECONDS)
    return _rate(int(offspring.sum()), int(counted.sum()))


def _rate(numerator: int, denominator: int) -> dict[str, float]:
    return {
        "numerator": numerator,
        "denominator": denominator,
        "value": numerator / denominator if denominator else 0.0,
    }


def _compounding_school(world: World) -> dict[str, Any] | None:
    """The school that outgrows the others through its people's invitations; None when none was planted."""
    if world.schools.compounding == NO_SCHOOL:
        return None
    return {
        "school_id": world.schools.compounding + 1,
        "invite_factor": world.config.compounding_school_factor,
        "room_members": world.schools.room,
    }


def _bonus(world: World) -> dict[str, Any]:
    days = world.config.bonus_changes_after_days
    before, after = (cents / 100 for cents in BONUS_CENTS)
    changes_on = to_date(world.epoch_day + days).isoformat() if days else None
    return {"usd_per_side": before, "changes_on": changes_on, "usd_per_side_after": after if days else before}
