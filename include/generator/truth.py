"""What really happened, for tests and evaluations only: no part of the pipeline or the app may read it."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.csv as pa_csv

from include.generator import schemes
from include.generator.arrow import ids, moments, words
from include.generator.config import SimulationConfig
from include.generator.seasons import DAY_SECONDS, to_date
from include.generator.world import World
from include.settings import Paths

WORLD_FILE = "world.json"


def write_truth(world: World, through_day: int, paths: Paths) -> None:
    """Accounts and referrals with their labels, and the configuration; a longer truth of the same world is kept."""
    paths.truth.mkdir(parents=True, exist_ok=True)
    file = paths.truth / WORLD_FILE
    note = {**asdict(world.config), "through": to_date(through_day).isoformat()}
    note["epoch"] = to_date(world.epoch_day).isoformat()
    known = read_note(file)
    same_world = all(known.get(name) == note[name] for name in note if name != "through")
    if same_world and str(known.get("through", "")) >= str(note["through"]):
        return
    end = (through_day + 1) * DAY_SECONDS
    people = np.flatnonzero(world.people["created_at"] < end)
    scheme = world.people["scheme"][people]
    fake = world.people["is_fake"][people]
    hard = world.people["is_hard"][people]
    names = [scheme.name for scheme in schemes.SCHEMES]
    accounts = pa.table(
        {
            "user_id": ids(people + 1),
            "scheme": words(names, scheme),
            "role": words(("", "player", "fake_account"), np.where(scheme == schemes.NO_SCHEME, 0, 1 + fake)),
            "variant": words(("", "easy", "hard"), np.where(scheme == schemes.NO_SCHEME, 0, 1 + hard)),
            "referred_by_user_id": ids(world.people["sender"][people] + 1, world.people["sender"][people] >= 0),
        }
    )
    conversions = np.flatnonzero(world.conversions["converted_at"] < end)
    referral = world.conversions["referral"][conversions]
    referrals = pa.table(
        {
            "referral_id": ids(referral + 1),
            "referred_user_id": ids(world.conversions["referred"][conversions] + 1),
            "eligible_at": moments(world.conversions["eligible_at"][conversions]),
            "is_fake": pa.array(world.referrals["is_fake"][referral]),
        }
    )
    pa_csv.write_csv(accounts, paths.truth / "accounts.csv")
    pa_csv.write_csv(referrals, paths.truth / "referrals.csv")
    file.write_text(json.dumps(note, indent=1) + "\n", encoding="utf-8")


def read_note(file: Path) -> dict[str, object]:
    """The configuration that the truth belongs to; empty when there is none."""
    return json.loads(file.read_text(encoding="utf-8")) if file.is_file() else {}


def recorded_epoch(config: SimulationConfig, paths: Paths) -> str | None:
    """The epoch of the world of that size and seed whose days were written below this data folder, if any."""
    note = read_note(paths.truth / WORLD_FILE)
    same = note.get("users") == config.users and note.get("seed") == config.seed
    return str(note["epoch"]) if same else None
