"""Random numbers that depend on the seed, a purpose and a day, and on nothing that was drawn before."""

from __future__ import annotations

import numpy as np

# The position in this tuple goes into the key: append new purposes, never reorder.
PURPOSES = (
    "schools",
    "products",
    "names",
    "arrivals",
    "lives",
    "invites",
    "conversions",
    "rewards",
    "behaviour",
    "delivery",
    "malformed",
    "spend",
    "incidents",
    "half_volume",
)


def stream(seed: int, purpose: str, *keys: int) -> np.random.Generator:
    """An own generator for one purpose and, say, one day; equal keys give equal numbers in every process."""
    return np.random.Generator(np.random.Philox(np.random.SeedSequence([seed, PURPOSES.index(purpose), *keys])))
