"""The numbers on which checks decide. They stand in ``dbt_project.yml``, each with its reason, for SQL and Python."""

from __future__ import annotations

from functools import cache
from typing import Any

import yaml

from include.build import DBT_PROJECT
from include.errors import CartonCapsError


class UnknownThresholdError(CartonCapsError):
    """A check asks for a threshold that is not there."""


@cache
def _thresholds() -> dict[str, dict[str, Any]]:
    project = yaml.safe_load((DBT_PROJECT / "dbt_project.yml").read_text(encoding="utf-8"))
    return project["vars"]["thresholds"]


def threshold(name: str) -> float:
    """The value of one threshold; raises UnknownThresholdError."""
    if name not in _thresholds():
        raise UnknownThresholdError(
            f"There is no threshold {name!r}. Give it a value and a reason in include/dbt/dbt_project.yml, "
            "under vars: thresholds:."
        )
    return _thresholds()[name]["value"]


def reason(name: str) -> str:
    """Why the threshold has this value, in one or two sentences."""
    threshold(name)
    return _thresholds()[name]["reason"]
