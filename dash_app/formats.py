"""How numbers are written: the same everywhere, American, with words where a number would mislead."""

from __future__ import annotations

from datetime import datetime
from math import isnan, sqrt
from typing import NamedTuple

#: Below this many units a rate is an interval, and a change is told in units.
FEW = 20


class Change(NamedTuple):
    """A comparison in words, with the direction that gives it arrow and colour: up, down, same or unknown."""

    direction: str
    text: str


def usd(amount: float) -> str:
    """Money: cents below $1,000, whole dollars above."""
    return f"${amount:,.2f}" if abs(amount) < 1000 else f"${amount:,.0f}"


def count(number: float) -> str:
    """A count with thousands separators."""
    return f"{number:,.0f}"


def plural(number: float, one: str, many: str | None = None) -> str:
    """A count with its noun: 1 school, 2 schools."""
    return f"{count(number)} {one if number == 1 else many or one + 's'}"


def moment(at: datetime) -> str:
    """A UTC moment as people write it: 3 Mar 2026 06:12 UTC."""
    return f"{at.day} {at:%b %Y %H:%M} UTC"


def rate(numerator: float, denominator: float, of: str = "") -> str:
    """A share with what it is made of, ``of`` naming the denominator; below 20 units as the 95 % Wilson interval.

    More than there were before (a code told in person needs no click) are no share of them, and are told as counts.
    """
    if denominator == 0:
        return f"no {of} to count yet" if of else "none to count yet"
    if numerator > denominator:
        return f"{count(numerator)}, more than the {count(denominator)} {of}".rstrip()
    made_of = f"{count(numerator)} of {count(denominator)} {of}".rstrip()
    told = bare_rate(numerator, denominator)
    return f"{made_of}: too few for a rate, {told}" if denominator < FEW else f"{made_of} ({told})"


def bare_rate(numerator: float, denominator: float) -> str:
    """A share where what it is made of stands beside it; below 20 units the 95 % Wilson interval, of none a dash."""
    if not denominator:
        return "-"
    if denominator < FEW:
        return interval(*wilson(numerator, denominator))
    return share(numerator / denominator)


def interval(low: float, high: float) -> str:
    """From one share to another."""
    return f"{low:.0%} to {high:.0%}"


def wilson(numerator: float, denominator: float, z: float = 1.959964) -> tuple[float, float]:
    """The Wilson interval of a share, 95 % by default; both ends within 0..1."""
    share = numerator / denominator
    shrink = 1 + z * z / denominator
    middle = (share + z * z / (2 * denominator)) / shrink
    spread = z / shrink * sqrt(share * (1 - share) / denominator + z * z / (4 * denominator * denominator))
    return max(0.0, middle - spread), min(1.0, middle + spread)


def change(value: float, before: float, units: float, write: str = "count") -> Change:
    """How ``value`` compares with ``before`` (NaN: not known); ``units``: how many things the smaller one rests on."""
    written = usd if write == "usd" else count
    if isnan(before):
        return Change("unknown", "no earlier data to compare with")
    if value == before:
        return Change("same", "none before either" if value == 0 else "the same as before")
    direction = "up" if value > before else "down"
    if before == 0:
        return Change(direction, "none before")
    if units < FEW:
        return Change(direction, f"{written(abs(value - before))} {'more' if value > before else 'less'} than before")
    return Change(direction, f"{abs(value / before - 1):.1%} {direction} from {written(before)}")


def share(number: float) -> str:
    """A share as a percentage with one decimal."""
    return f"{number:.1%}"


def points(now: tuple[float, float], before: tuple[float, float]) -> Change:
    """How one share compares with another, in percentage points; each is numerator and denominator."""
    if not before[1]:
        return Change("unknown", "no earlier data to compare with")
    if min(now[1], before[1]) < FEW:
        return Change("unknown", "too few to compare")
    difference = 100 * (now[0] / now[1] - before[0] / before[1])
    if round(difference, 1) == 0:
        return Change("same", "the same as before")
    direction = "up" if difference > 0 else "down"
    return Change(direction, f"{abs(difference):.1f} points {direction} from {share(before[0] / before[1])}")
