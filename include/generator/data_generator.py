"""The simulator's face: each table of the world as a pandas frame, without the faults of delivery.

``generate_schools``, ``generate_users`` and ``generate_products`` give the records as of the end of the period,
``generate_referrals`` the referrals sent in it as of its end, ``generate_purchases`` and ``generate_events`` what
happened in it. Columns are those of the landing contracts. Landing files with late and repeated rows come from
``include.generator.simulate.write_days``.
"""

from __future__ import annotations

from datetime import date
from functools import lru_cache

import numpy as np
import pandas as pd
import pyarrow as pa

from include.contracts import contract
from include.generator.behaviour import act, groups_of
from include.generator.config import ConfigurationError, SimulationConfig
from include.generator.deliveries import Deliveries
from include.generator.logs import day_event_rows, day_purchase_rows, life_event_rows, life_purchase_rows
from include.generator.records import product_rows, referral_rows, school_rows, user_rows
from include.generator.seasons import DAY_SECONDS, day_number
from include.generator.world import World


def generate_schools(config: SimulationConfig, start: date, end: date) -> pd.DataFrame:
    """One row per school."""
    return _frame("schools", school_rows(_world(config, start, end)))


def generate_users(config: SimulationConfig, start: date, end: date) -> pd.DataFrame:
    """One row per account made by the end of the period, as of then."""
    world = _world(config, start, end)
    created = np.flatnonzero(world.people["created_at"] < (day_number(end) + 1) * DAY_SECONDS)
    return _frame("users", user_rows(world, created, day_number(end)))


def generate_products(config: SimulationConfig, start: date, end: date) -> pd.DataFrame:
    """One row per product."""
    return _frame("products", product_rows(_world(config, start, end)))


def generate_purchases(config: SimulationConfig, start: date, end: date) -> pd.DataFrame:
    """One row per purchased product of a receipt in the period."""
    world = _world(config, start, end)
    tables = [life_purchase_rows(world, _between(world.purchases["at"], start, end))]
    for day in range(day_number(start), day_number(end) + 1):
        tables += [day_purchase_rows(world, day, group, act(world, day, group)[1]) for group in groups_of(world, day)]
    return _frame("purchases", pa.concat_tables(tables))


def generate_referrals(config: SimulationConfig, start: date, end: date) -> pd.DataFrame:
    """One row per invitation sent in the period, with its status at the end of it."""
    world = _world(config, start, end)
    sent = _between(world.referrals["sent_at"], start, end)
    return _frame("referrals", referral_rows(world, sent, Deliveries(world).conversion_of[sent], day_number(end)))


def generate_events(config: SimulationConfig, start: date, end: date) -> pd.DataFrame:
    """One row per event in the period."""
    world = _world(config, start, end)
    tables = [life_event_rows(world, _between(world.events["at"], start, end))]
    for day in range(day_number(start), day_number(end) + 1):
        tables += [day_event_rows(world, day, group, act(world, day, group)[0]) for group in groups_of(world, day)]
    return _frame("events", pa.concat_tables(tables))


@lru_cache(maxsize=1)
def _advanced(config: SimulationConfig, day: int) -> World:
    """The six functions are usually asked for one period in turn: they share its world."""
    world = World(config)
    world.advance(day)
    return world


def _world(config: SimulationConfig, start: date, end: date) -> World:
    begun = config if config.epoch else config.at_epoch(start)
    assert begun.epoch is not None
    if not begun.epoch <= start <= end:
        raise ConfigurationError(f"The period {start} to {end} must lie after the epoch {begun.epoch}, start first.")
    return _advanced(begun, day_number(end))


def _between(seconds: np.ndarray, start: date, end: date) -> np.ndarray:
    first, last = day_number(start) * DAY_SECONDS, (day_number(end) + 1) * DAY_SECONDS
    return np.flatnonzero((seconds >= first) & (seconds < last))


def _frame(table: str, rows: pa.Table) -> pd.DataFrame:
    names = [name for name in contract(table).column_names if name in rows.column_names]
    # Nullable types keep ids whole numbers where some are missing.
    return rows.select(names).to_pandas(types_mapper={pa.int64(): pd.Int64Dtype()}.get)
