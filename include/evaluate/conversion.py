"""How near referral conversion comes to the simulator's truth: ``python -m include.pipeline evaluate conversion``."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from include.evaluate.built import DEFAULT_USERS, REPORTED_ON, built_world
from include.settings import Paths
from include.warehouse import connect

MOST_RELATIVE_ERROR = 0.05


@dataclass(frozen=True)
class Counts:
    """Sends mature for 30 days, and those of them that became eligible within 30 days."""

    eligible: int
    mature_sent: int

    def __add__(self, other: Counts) -> Counts:
        return Counts(self.eligible + other.eligible, self.mature_sent + other.mature_sent)

    @property
    def conversion(self) -> float:
        """The share; 0 without sends."""
        return self.eligible / self.mature_sent if self.mature_sent else 0.0


@dataclass(frozen=True)
class Compared:
    """One conversion as gold has it and as the simulator knows it."""

    name: str
    measured: Counts
    true: Counts

    @property
    def relative_error(self) -> float:
        """Measured over true, less 1."""
        return self.measured.conversion / self.true.conversion - 1


def evaluate(paths: Paths, reported: Iterable[int] = REPORTED_ON, users: int = DEFAULT_USERS) -> str:
    """Compare by channel over all worlds, and overall in each; returns the report, also ``evaluate/conversion.md``."""
    measured, true = {}, {}
    for seed in reported:
        world = built_world(seed, paths, users)
        measured[f"seed {seed}"], true[f"seed {seed}"] = measured_by_channel(world), true_by_channel(world)
    text = report(measured, true)
    (paths.root / "evaluate" / "conversion.md").write_text(text + "\n", encoding="utf-8")
    return text


def measured_by_channel(world: Paths) -> dict[str, Counts]:
    """What gold says, by channel; referrals of an unknown channel are among them."""
    with connect(world, read_only=True) as con:
        rows = con.execute(
            "select channel, sum(eligible), sum(mature_sent) from gold.fct_referral_conversion"
            " where channel <> 'all' group by channel order by channel"
        ).fetchall()
    return {channel: Counts(int(eligible), int(mature_sent)) for channel, eligible, mature_sent in rows}


def true_by_channel(world: Paths) -> dict[str, Counts]:
    """What the simulator knows, by the channel that was really used."""
    effects = json.loads((world.truth / "effects.json").read_text("utf-8"))["conversion"]
    return {channel: Counts(each["numerator"], each["denominator"]) for channel, each in effects.items()}


def compared(
    measured: Mapping[str, Mapping[str, Counts]], true: Mapping[str, Mapping[str, Counts]]
) -> tuple[list[Compared], list[Compared]]:
    """By channel, pooled over the worlds; and by world, over all channels."""
    nothing = Counts(0, 0)
    channels = list(next(iter(true.values())))
    by_channel = [
        Compared(
            channel,
            sum((of_world.get(channel, nothing) for of_world in measured.values()), nothing),
            sum((of_world[channel] for of_world in true.values()), nothing),
        )
        for channel in channels
    ]
    by_world = [
        Compared(world, sum(measured[world].values(), nothing), sum(true[world].values(), nothing)) for world in true
    ]
    return by_channel, by_world


def report(measured: Mapping[str, Mapping[str, Counts]], true: Mapping[str, Mapping[str, Counts]]) -> str:
    """The result as a Markdown page."""
    by_channel, by_world = compared(measured, true)
    return "\n".join(
        [
            "# Referral conversion against the truth",
            "",
            "Eligible within 30 days of sending over sends mature for 30."
            f" Bar: within {MOST_RELATIVE_ERROR:.0%} of the truth, relative.",
            "",
            *_table("channel, all worlds", by_channel),
            "",
            *_table("world, all channels", by_world),
        ]
    )


def _table(head: str, rows: Sequence[Compared]) -> list[str]:
    lines = [f"| {head} | measured | true | relative error | within the bar |", "|---|---|---|---|---|"]
    for row in rows:
        cells = [f"{each.conversion:.2%} ({each.eligible}/{each.mature_sent})" for each in (row.measured, row.true)]
        verdict = "yes" if abs(row.relative_error) <= MOST_RELATIVE_ERROR else "NO"
        lines.append(f"| {row.name} | {cells[0]} | {cells[1]} | {row.relative_error:+.1%} | {verdict} |")
    return lines
