"""How well abuse is found: ``python -m include.pipeline evaluate trust``.

The worlds of the tuning seeds set the points and thresholds (seed ``trust_points``, ``dbt_project.yml``), those of the
reported seeds say what they are worth. The labels of the simulator are read here and in tests only.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import pandas as pd

from include.alerts.thresholds import threshold
from include.evaluate.built import DEFAULT_USERS, REPORTED_ON, TUNED_ON, built_world
from include.settings import Paths
from include.warehouse import connect

FIRST_CASES = 50
LEAST_PRECISION, LEAST_RECALL = 0.9, 0.8
POOLED = f"precision among the first {FIRST_CASES} of the pooled queue"
MONEY = "recall by money"
LOOK_ALIKES = ("family_tablet", "class_invitation")

_CASES = """
    select case_id, case_kind, score, reasons, amount_at_risk_usd::double as usd, expected_loss_usd::double as loss
    from gold.fct_review_case order by queue_position
"""
_MEMBERS = "select case_id, entity_type, entity_id from gold.fct_review_case_member order by all"
_MONEY = "select referral_id, at_risk_usd::double as usd from silver.int_trust_money order by all"


@dataclass(frozen=True)
class Judged:
    """What became of one world.

    ``cases`` has one row per case in queue order: world, case_id, case_kind, score, reasons, usd, loss, is_true.
    ``referrals`` has one row per abusive referral: world, kind, variant, usd, is_found. ``look_alikes`` has one row per
    innocent who looks like abuse: world, kind, is_flagged.
    """

    cases: pd.DataFrame
    referrals: pd.DataFrame
    look_alikes: pd.DataFrame


def evaluate(
    paths: Paths,
    tuning: Iterable[int] = TUNED_ON,
    reported: Iterable[int] = REPORTED_ON,
    users: int = DEFAULT_USERS,
) -> str:
    """Run the evaluation; returns the report, which is also in ``evaluate/trust.md``."""
    worlds = [[judged_world(seed, paths, users) for seed in seeds] for seeds in (tuning, reported)]
    text = report(pooled(worlds[0]), pooled(worlds[1]))
    (paths.root / "evaluate" / "trust.md").write_text(text + "\n", encoding="utf-8")
    return text


def judged_world(seed: int, paths: Paths, users: int) -> Judged:
    """Build the world of that seed and hold its cases against its labels."""
    world = built_world(seed, paths, users)
    with connect(world, read_only=True) as con:
        cases, members, money = (con.execute(sql).df() for sql in (_CASES, _MEMBERS, _MONEY))
    labels = [pd.read_csv(world.truth / file, keep_default_na=False) for file in ("referrals.csv", "accounts.csv")]
    return judge(f"seed-{seed}", cases, members, money, *labels)


def judge(
    world: str,
    cases: pd.DataFrame,
    members: pd.DataFrame,
    money: pd.DataFrame,
    referrals: pd.DataFrame,
    accounts: pd.DataFrame,
) -> Judged:
    """Hold cases against labels.

    A case is true when more than half of its referrals' money belongs to abusive referrals; without money, when more
    than half of its referrals are abusive. A referral is found, and an innocent flagged, when it is in a case of abuse
    whose score reaches ``trust_tying_points``: below, a case is a note at the end of the queue.
    """
    labelled = referrals[["referral_id", "is_abusive", "kind", "variant"]].merge(money, how="left", on="referral_id")
    labelled["usd"] = labelled["usd"].fillna(0.0)
    in_cases = members[members["entity_type"] == "referral"].merge(
        labelled, left_on="entity_id", right_on="referral_id", how="left"
    )
    is_abusive = in_cases["is_abusive"].eq(True)
    sums = (
        pd.DataFrame(
            {
                "case_id": in_cases["case_id"],
                "all_usd": in_cases["usd"],
                "abusive_usd": in_cases["usd"].where(is_abusive, 0.0),
                "all_referrals": 1,
                "abusive_referrals": is_abusive.astype(int),
            }
        )
        .groupby("case_id")
        .sum()
        .reindex(cases["case_id"], fill_value=0)
    )
    by_money = sums["abusive_usd"] > sums["all_usd"] / 2
    by_number = sums["abusive_referrals"] > sums["all_referrals"] / 2
    is_true = by_money.where(sums["all_usd"] > 0, by_number)

    strong = cases.loc[(cases["case_kind"] == "abuse") & (cases["score"] >= threshold("trust_tying_points")), "case_id"]
    flagged = members[members["case_id"].isin(strong)]
    found = set(flagged.loc[flagged["entity_type"] == "referral", "entity_id"])
    suspects = set(flagged.loc[flagged["entity_type"] == "user", "entity_id"])
    abusive = labelled[labelled["is_abusive"]]
    innocent = accounts[accounts["kind"].isin(LOOK_ALIKES) & (accounts["role"] == "innocent")]
    return Judged(
        cases.assign(world=world, is_true=is_true.to_numpy()),
        abusive[["kind", "variant", "usd"]].assign(world=world, is_found=abusive["referral_id"].isin(found)),
        innocent[["kind"]].assign(world=world, is_flagged=innocent["user_id"].isin(suspects)),
    )


def pooled(worlds: Sequence[Judged]) -> Judged:
    """All worlds as one: a single queue, ordered as each world's own."""
    cases = pd.concat([world.cases for world in worlds])
    queue = cases.sort_values(
        ["loss", "score", "world", "case_id"], ascending=[False, False, True, True], ignore_index=True
    )
    return Judged(
        queue,
        pd.concat([world.referrals for world in worlds], ignore_index=True),
        pd.concat([world.look_alikes for world in worlds], ignore_index=True),
    )


def report(tuning: Judged, reported: Judged) -> str:
    """The result as a Markdown page."""
    figures_tuning = dict(_figures(tuning))
    bars = {POOLED: f">= {LEAST_PRECISION:.0%}", MONEY: f">= {LEAST_RECALL:.0%}"}
    rows = [[name, bars.get(name, "none"), figure, figures_tuning[name]] for name, figure in _figures(reported)]
    return "\n".join(
        [
            "# Abuse: what the review queue finds",
            "",
            f"Tuned on {_names(tuning)}; reported on {_names(reported)}. A case is true when more than half of its",
            "money (without money, of its referrals) belongs to referrals that the simulator labels as abuse.",
            f"Found means: in a case of abuse with a score of {threshold('trust_tying_points'):g} or more.",
            "",
            *_table(["", "bar", "reported", "tuning"], rows),
            "",
            *_table(["kind", "variant", "referrals", "found", "money", "money found"], _kinds(reported.referrals)),
        ]
    )


def _figures(judged: Judged) -> list[tuple[str, str]]:
    """Name and value of each figure, in the order of the report."""
    cases = judged.cases
    each_world = pd.concat([first(queue) for _, queue in cases.groupby("world")])
    return [
        (POOLED, _share(first(cases)["is_true"])),
        (f"the same, the first {FIRST_CASES} of every world", _share(each_world["is_true"])),
        ("of cases of abuse, score as above", _share(strong(cases)["is_true"])),
        (MONEY, _recall_by_money(judged)),
        ("recall by number of referrals", _share(judged.referrals["is_found"])),
        *((f"{kind} flagged", _flagged(judged, kind)) for kind in LOOK_ALIKES),
    ]


def _kinds(referrals: pd.DataFrame) -> list[list[str]]:
    """Of each kind and variant: referrals, how many are found, their money, and how much of it is found."""
    rows = []
    for (kind, variant), each in referrals.groupby(["kind", "variant"]):
        found = each[each["is_found"]]
        usd = [f"${part['usd'].sum():,.2f}" for part in (each, found)]
        rows.append([str(kind), str(variant), str(len(each)), str(len(found)), *usd])
    return rows


def first(queue: pd.DataFrame) -> pd.DataFrame:
    """The first cases of a queue."""
    return queue.head(FIRST_CASES)


def strong(cases: pd.DataFrame) -> pd.DataFrame:
    """The cases of abuse that count as a finding."""
    return cases[(cases["case_kind"] == "abuse") & (cases["score"] >= threshold("trust_tying_points"))]


def _recall_by_money(judged: Judged) -> str:
    all_usd = judged.referrals["usd"].sum()
    found_usd = judged.referrals.loc[judged.referrals["is_found"], "usd"].sum()
    return f"{found_usd / all_usd:.1%} (${found_usd:,.0f} of ${all_usd:,.0f})" if all_usd else "no money"


def _flagged(judged: Judged, kind: str) -> str:
    return _share(judged.look_alikes.loc[judged.look_alikes["kind"] == kind, "is_flagged"])


def _share(hits: pd.Series) -> str:
    return f"{hits.mean():.1%} ({int(hits.sum())} of {len(hits)})" if len(hits) else "none"


def _names(judged: Judged) -> str:
    return ", ".join(sorted(judged.cases["world"].unique()))


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    widths = [max(len(row[column]) for row in [head, *rows]) for column in range(len(head))]
    lines = [" | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in [head, *rows]]
    return [
        f"| {lines[0]} |",
        "|" + "|".join("-" * (width + 2) for width in widths) + "|",
        *(f"| {line} |" for line in lines[1:]),
    ]
