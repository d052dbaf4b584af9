"""What really happened, for tests and evaluations only: no part of the pipeline or the app may read it."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pa_csv

from include.generator import schemes
from include.generator.arrow import ids, moments, text, words
from include.generator.channels import CHANNEL_NAMES, INVITE_CHANNEL_NAMES
from include.generator.config import SimulationConfig
from include.generator.effects import planted_effects
from include.generator.lives import NEVER, NOBODY
from include.generator.seasons import DAY_SECONDS, to_date
from include.generator.world import World
from include.settings import Paths

WORLD_FILE = "world.json"
# Labels after those of SCHEMES: innocent, and easily taken for a scheme.
FAMILY = len(schemes.SCHEMES)
CLASS = FAMILY + 1
KINDS = ("", *(scheme.name for scheme in schemes.SCHEMES[1:]), schemes.FAMILY_TABLET, schemes.CLASS_INVITATION)


def write_truth(world: World, through_day: int, paths: Paths) -> None:
    """Labels, incidents, effects and the configuration; a longer truth of the same world is kept."""
    paths.truth.mkdir(parents=True, exist_ok=True)
    file = paths.truth / WORLD_FILE
    note = {**asdict(world.config), "incidents": list(world.config.incidents)}
    note["scheme_shares"] = dict(world.config.scheme_shares)
    note["scheme_accounts"] = {kind: list(sizes) for kind, sizes in world.config.scheme_accounts}
    note |= {"through": to_date(through_day).isoformat(), "epoch": to_date(world.epoch_day).isoformat()}
    known = read_note(file)
    same_world = all(known.get(name) == note[name] for name in note if name != "through")
    if same_world and str(known.get("through", "")) >= str(note["through"]):
        return
    end = (through_day + 1) * DAY_SECONDS
    pa_csv.write_csv(_accounts(world, end), paths.truth / "accounts.csv")
    pa_csv.write_csv(_referrals(world, end), paths.truth / "referrals.csv")
    pa_csv.write_csv(_incidents(world, through_day), paths.truth / "incidents.csv")
    effects = json.dumps(planted_effects(world, through_day), indent=1)
    (paths.truth / "effects.json").write_text(effects + "\n", encoding="utf-8")
    file.write_text(json.dumps(note, indent=1) + "\n", encoding="utf-8")


def _accounts(world: World, end: int) -> pa.Table:
    """One row per account made by then. A player counts as one from the first invitation of the scheme on."""
    chosen = np.flatnonzero(world.people["created_at"] < end)
    people = {name: world.people[name][chosen] for name in world.people.names}
    sent = world.referrals["sent_at"] < end
    begun = np.isin(chosen, world.referrals["sender"][sent & world.referrals["is_abusive"]])
    taught = np.isin(chosen, world.referrals["sender"][sent & world.referrals["is_class"]])
    lends = np.isin(chosen, people["family"])
    is_abusive = people["is_fake"] | ((people["scheme"] != schemes.NO_SCHEME) & begun)
    in_family = (people["family"] != NOBODY) | lends
    kind = np.select([is_abusive, taught, in_family], [people["scheme"], CLASS, FAMILY], schemes.NO_SCHEME)
    head = np.select(
        [is_abusive, people["family"] != NOBODY], [people["player"], np.where(taught, chosen, people["family"])], chosen
    )
    role = np.select([kind == schemes.NO_SCHEME, ~is_abusive], [0, 1], 2 + people["is_fake"])
    return pa.table(
        {
            "user_id": ids(chosen + 1),
            **_labels(kind, is_abusive, people["is_hard"], head),
            "role": words(("", "innocent", "player", "fake_account"), role),
            "marketing_channel": words(CHANNEL_NAMES, people["channel"]),
            "referred_by_user_id": ids(people["sender"] + 1, people["sender"] >= 0),
        }
    )


def _referrals(world: World, end: int) -> pa.Table:
    """One row per invitation sent by then; ``eligible_at`` is empty for one that earns nothing by the end."""
    chosen = np.flatnonzero(world.referrals["sent_at"] < end)
    referrals = {name: world.referrals[name][chosen] for name in world.referrals.names}
    sender = referrals["sender"]
    kind = np.where(referrals["is_class"], CLASS, np.where(referrals["is_abusive"], world.people["scheme"][sender], 0))
    head = np.where(referrals["is_abusive"], world.people["player"][sender], sender)
    referred, converted_at, eligible_at = world.ends_of_referrals()
    is_known = converted_at[chosen] < end
    due = eligible_at[chosen]
    return pa.table(
        {
            "referral_id": ids(chosen + 1),
            **_labels(kind, referrals["is_abusive"], world.people["is_hard"][sender], head),
            "channel": words(INVITE_CHANNEL_NAMES, referrals["channel"]),
            "referred_user_id": ids(referred[chosen] + 1, is_known),
            "eligible_at": moments(np.where(due < end, due, NEVER)),
        }
    )


def _labels(kind: np.ndarray, is_abusive: np.ndarray, is_hard: np.ndarray, head: np.ndarray) -> dict[str, pa.Array]:
    names = words(KINDS, kind)
    return {
        "is_abusive": pa.array(is_abusive),
        "kind": names,
        "variant": words(("", "easy", "hard"), np.where(is_abusive, 1 + is_hard, 0)),
        "scheme_id": _where(kind != schemes.NO_SCHEME, text(names, "-", head + 1)),
    }


def _where(known: np.ndarray, values: pa.Array) -> pa.Array:
    return pc.if_else(pa.array(known), values, pa.scalar("", pa.string()))


def _incidents(world: World, through_day: int) -> pa.Table:
    """One row per incident that has begun; both days included."""
    begun = [incident for incident in world.incidents if incident.first_day <= through_day]
    return pa.table(
        {
            "kind": pa.array([incident.kind for incident in begun], pa.string()),
            "start": pa.array([to_date(incident.first_day) for incident in begun], pa.date32()),
            "end": pa.array([to_date(incident.last_day) for incident in begun], pa.date32()),
            "affects": pa.array([incident.affects for incident in begun], pa.string()),
        }
    )


def read_note(file: Path) -> dict[str, object]:
    """The configuration that the truth belongs to; empty when there is none."""
    return json.loads(file.read_text(encoding="utf-8")) if file.is_file() else {}


def recorded_epoch(config: SimulationConfig, paths: Paths) -> str | None:
    """The epoch of the world of that size and seed whose days were written below this data folder, if any."""
    note = read_note(paths.truth / WORLD_FILE)
    same = note.get("users") == config.users and note.get("seed") == config.seed
    return str(note["epoch"]) if same else None
