"""What marketing paid, by day and channel."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from include.generator.arrow import decimals
from include.generator.channels import MARKETING_CHANNELS
from include.generator.config import SimulationConfig
from include.generator.seasons import to_date
from include.generator.streams import stream
from include.generator.world import STRANGERS_PER_DAY

SPEND_SPREAD = 0.25  # sigma of the lognormal day-to-day noise


def spend_rows(config: SimulationConfig, day: int) -> pa.Table:
    """One row per paid channel: what its expected sign-ups cost, with noise."""
    paid = [channel for channel in MARKETING_CHANNELS if channel.usd_per_signup is not None]
    expected = config.users * STRANGERS_PER_DAY * np.array([c.share * (c.usd_per_signup or 0.0) for c in paid])
    noise = stream(config.seed, "spend", day).lognormal(-(SPEND_SPREAD**2) / 2, SPEND_SPREAD, len(paid))
    return pa.table(
        {
            "spend_date": pa.array([to_date(day)] * len(paid), pa.date32()),
            "marketing_channel": pa.array([channel.name for channel in paid]),
            "amount_usd": decimals(np.round(expected * noise * 100).astype(np.int64), 2),
        }
    )
