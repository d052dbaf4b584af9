"""What the scenario lab is asked to change, as the URL carries it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from math import isfinite
from typing import NamedTuple

from dash_app.filters import short
from include.scenarios.scenario import Levers


class Range(NamedTuple):
    """Where a slider goes, both ends included."""

    lowest: float
    highest: float
    step: float


_CHANGE = Range(-50, 100, 5)
_BONUS = Range(0, 15, 0.5)
#: Slider -> its range. Changes in percent of the forecast, percentage points, and USD of one bonus.
SLIDERS = {
    "conversion": _CHANGE,
    "points": Range(-10, 10, 0.5),
    "invitations": _CHANGE,
    "redemption": _CHANGE,
    "referrer_bonus": _BONUS,
    "friend_bonus": _BONUS,
}
#: Rule of the programme -> its values, those of gold.fct_policy_option that every build has.
RULES = {"window": ("24", "48", "72", "96"), "qualifying": ("scan_or_link", "link_required")}
#: What the awards may cost; it changes nothing, and is held against the futures.
BUDGET = "budget"
HIGHEST_BUDGET_USD = 1e9
#: Parameters of the URL that are the lab's own.
PARAMS = (*SLIDERS, *RULES, BUDGET)


@dataclass(frozen=True)
class ScenarioView:
    """What is changed. 0 and None change nothing; bonuses and budget in USD, the window in hours."""

    conversion: float = 0
    points: float = 0
    invitations: float = 0
    redemption: float = 0
    referrer_bonus: float | None = None
    friend_bonus: float | None = None
    window: int | None = None
    qualifying: str | None = None
    budget: float | None = None
    """For the awards of 90 days; no lever."""

    @property
    def is_base(self) -> bool:
        """Whether nothing is changed."""
        return replace(self, budget=None) == BASE

    def to_params(self) -> dict[str, str]:
        """What a link must carry to show the same again; what is not changed is left out."""
        values = {name: getattr(self, name) for name in PARAMS}
        return {
            name: f"{value:.12g}" if isinstance(value, float) else str(value)
            for name, value in values.items()
            if value != getattr(BASE, name)
        }

    def to_levers(self) -> Levers:
        """The same for ``include.scenarios``."""
        return Levers(
            conversion_factor=1 + self.conversion / 100,
            conversion_points=self.points,
            volume_factor=1 + self.invitations / 100,
            redemption_factor=1 + self.redemption / 100,
            referrer_bonus_usd=self.referrer_bonus,
            referred_bonus_usd=self.friend_bonus,
            window_hours=self.window,
            qualifying=self.qualifying,
        )


BASE = ScenarioView()


def parse(params: object) -> tuple[ScenarioView, list[str]]:
    """The scenario a link asks for, and a sentence for each part of it that could not be followed.

    Parameters of others are passed over. Whatever the link holds, the answer is a scenario whose levers can be pulled.
    """
    asked = params if isinstance(params, Mapping) else {}  # the browser holds it, and a browser may hold anything
    given = {key: str(value).strip() for key, value in asked.items() if key in PARAMS and value not in (None, "")}
    notices: list[str] = []
    numbers = {name: _number(name, given[name], notices) for name in SLIDERS if name in given}
    rules = {name: _one_of(name, given[name], notices) for name in RULES if name in given}
    window = rules.get("window")
    return ScenarioView(
        conversion=numbers.get("conversion") or 0,
        points=numbers.get("points") or 0,
        invitations=numbers.get("invitations") or 0,
        redemption=numbers.get("redemption") or 0,
        referrer_bonus=numbers.get("referrer_bonus"),
        friend_bonus=numbers.get("friend_bonus"),
        window=int(window) if window else None,
        qualifying=rules.get("qualifying"),
        budget=_budget(given[BUDGET], notices) if BUDGET in given else None,
    ), notices


def _budget(text: str, notices: list[str]) -> float | None:
    number = _as_number(text)
    if isfinite(number) and 0 <= number <= HIGHEST_BUDGET_USD:
        return number
    notices.append(f"“{short(text)}” is not a budget: give USD, such as 5000. It was ignored.")
    return None


def _as_number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return float("nan")


def _number(name: str, text: str, notices: list[str]) -> float | None:
    lowest, highest, step = SLIDERS[name]
    number = _as_number(text)
    if isfinite(number) and lowest <= number <= highest and (number - lowest) % step == 0:
        return number
    notices.append(
        f"“{short(text)}” is not a value of “{name}”: it goes from {lowest:g} to {highest:g} in steps of {step:g}. "
        "It was ignored."
    )
    return None


def _one_of(name: str, text: str, notices: list[str]) -> str | None:
    if text in RULES[name]:
        return text
    choices = ", ".join(RULES[name])
    notices.append(f"“{short(text)}” is not a value of “{name}”: it is one of {choices}. It was ignored.")
    return None
