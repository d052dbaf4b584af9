"""Every evaluation by name, and all of them in one go."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from importlib import import_module

from include.settings import Paths

#: Each module has ``evaluate(paths) -> str``: it writes its report below ``evaluate/`` of the data root and returns it.
EVALUATIONS = {
    "anomalies": "days of unusual volume",
    "conversion": "referral conversion by channel and overall",
    "drivers": "planted drivers of retention found, planted null ones not",
    "trust": "review cases and the abuse behind them",
    "forecast": "rewards awarded, redeemed and owed in 30, 60 and 90 days",
    "network": "K, and the school whose growth compounds",
}


def evaluate(name: str, paths: Paths) -> str:
    """Score one, or ``all``, against the simulator's truth; returns the reports."""
    from include.evaluate.built import worlds_folder  # brings pandas, which the command line does without

    names: Sequence[str] = list(EVALUATIONS) if name == "all" else [name]
    # an earlier run's worlds may come from an earlier simulator
    shutil.rmtree(worlds_folder(paths), ignore_errors=True)
    try:
        return "\n\n".join(import_module(f"include.evaluate.{each}").evaluate(paths) for each in names)
    finally:
        shutil.rmtree(worlds_folder(paths), ignore_errors=True)
