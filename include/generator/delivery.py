"""How rows travel: on time, late, very late, or twice. A delay is counted in days after the day of the event."""

from __future__ import annotations

import numpy as np

from include.generator.config import SimulationConfig

LATE_DAYS = (1, 7)
VERY_LATE_DAYS = (8, 20)
AGAIN_AFTER_DAYS = (1, 7)
MOST_DELAY_DAYS = VERY_LATE_DAYS[1]


def landing_delays(rng: np.random.Generator, config: SimulationConfig, count: int) -> tuple[np.ndarray, np.ndarray]:
    """Per row (or person's day): days until it lands, and days until it lands once more (0: it does not)."""
    draw = rng.random(count)
    late = draw < config.late_rate
    very_late = ~late & (draw < config.late_rate + config.very_late_rate)
    twice = ~late & ~very_late & (draw < config.late_rate + config.very_late_rate + config.redelivery_rate)
    delay = np.select(
        [late, very_late],
        [rng.integers(*LATE_DAYS, count, endpoint=True), rng.integers(*VERY_LATE_DAYS, count, endpoint=True)],
        0,
    )
    again = np.where(twice, rng.integers(*AGAIN_AFTER_DAYS, count, endpoint=True), 0)
    return delay.astype(np.int16), again.astype(np.int16)
