"""How much the length of history costs a daily build: ``python -m bench increment``.

One world per length of history, each with about as many users at its end: load, full build, then some more days, each
delivered, loaded and built as a daily run does. Users of old date do less, so the longer history brings fewer rows a
day; a last world has the shortest history and as many rows a day as the longest.
Seconds are what dbt recorded per node (``ops.build_nodes``), the least of these days: other work on the machine only
ever adds to them.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Sequence
from pathlib import Path

from bench.measure import measured
from bench.table import Table
from include.build import manifest_file
from include.generator.world import FOUNDERS_SHARE
from include.settings import Paths
from include.warehouse import connect

#: Days after which a simulated world has the users it was asked for.
GROWN_AFTER = 120
ROWS = "rows of that day"
INCREMENTAL = "incremental models"
#: Of a model that takes less, a ratio says nothing.
LEAST_TO_COMPARE = 0.02
#: Of what is rebuilt every day, what is worth a line.
LEAST_TO_SHOW = 0.3
REBUILT_MODEL = "- - "
#: dbt's materialization of a model, as the line of the table that it counts for.
REBUILT = "rebuilt models"
SEEDS_AND_TESTS = {"seed": "seeds", "test": "tests"}


def kinds(paths: Paths) -> dict[str, str]:
    """Node of the last build -> the line of the table that it counts for."""
    nodes = json.loads(manifest_file(paths).read_text(encoding="utf-8"))["nodes"]
    return {
        name: SEEDS_AND_TESTS.get(node["resource_type"])
        or (INCREMENTAL if node["config"]["materialized"] == "incremental" else REBUILT)
        for name, node in nodes.items()
    }


def seconds_of_last_build(paths: Paths) -> dict[str, float]:
    """Node -> seconds, of the build that ran last."""
    with connect(paths, read_only=True) as con:
        return dict(
            con.execute(
                "select unique_id, execution_seconds from ops.build_nodes"
                " where execution_seconds is not null"
                " and build_id = (select build_id from ops.dbt_runs order by started_at desc limit 1)"
            ).fetchall()
        )


def least(builds: list[dict[str, float]]) -> dict[str, float]:
    """Node -> its least seconds."""
    return {node: min(build[node] for build in builds if node in build) for node in builds[-1]}


def users_to_ask_for(users_at_the_end: int, history: int) -> int:
    """What ``users`` of a simulation has to be: it counts those of day ``GROWN_AFTER``, and growth goes on."""
    return round(users_at_the_end / (FOUNDERS_SHARE + (1 - FOUNDERS_SHARE) * history / GROWN_AFTER))


def lines_of(history: int, users: int, file_format: str, increments: int, folder: Path) -> dict[str, float]:
    """Line of the table -> seconds, for one length of history in days; ``users`` of the simulation."""
    with tempfile.TemporaryDirectory(prefix="carton-bench-", dir=folder) as root:
        paths = Paths(Path(root))
        for step in ("generate", "load", "build"):
            measured(step, paths.root, users, history, file_format)
        builds, publishing, rows = [], [], []
        for number in range(increments):
            rows.append(measured("generate_next_day", paths.root, users, history + number, file_format)["rows"])
            for step in ("load_next_day", "refresh_gold"):
                measured(step, paths.root, users, history + number, file_format)
            builds.append(seconds_of_last_build(paths))
            publishing.append(measured("publish_gold", paths.root, users, history + number, file_format)["wall"])
        kind_of = kinds(paths)
    nodes = least(builds)
    table = {ROWS: sum(rows) / len(rows), **dict.fromkeys([INCREMENTAL, REBUILT, "seeds", "tests"], 0.0)}
    for node, seconds in nodes.items():
        table[kind_of[node]] += seconds
    table["publish"] = min(publishing)
    for wanted in (INCREMENTAL, REBUILT):
        for node, seconds in sorted(nodes.items()):
            if kind_of[node] == wanted:
                table[f"{'- ' if wanted == INCREMENTAL else REBUILT_MODEL}{node.rsplit('.', 1)[-1]}"] = seconds
    return table


def bench_increment(
    users: int, histories: Sequence[int], file_format: str, increments: int, folder: Path
) -> list[Table]:
    """One table, a column per world: sums first, then incremental models (one dash), then rebuilt ones (two)."""
    short, long = min(histories), max(histories)
    columns = {}
    for history in sorted(histories):
        asked = users_to_ask_for(users, history)
        columns[f"{history:,} days"] = lines_of(history, asked, file_format, increments, folder)
    first, last = columns[f"{short:,} days"], columns[f"{long:,} days"]
    as_many = round(users_to_ask_for(users, short) * last[ROWS] / first[ROWS])
    small = columns[f"{short:,}, as many rows"] = lines_of(short, as_many, file_format, increments, folder)
    table = Table(
        "increment", f"One more day after {short:,} and {long:,} days, about {users:,} users",
        ("seconds", *columns, "ratio"),
    ).begin()  # fmt: skip
    for line, compared in last.items():
        if line.startswith(REBUILT_MODEL) and compared < LEAST_TO_SHOW:
            continue
        places = 0 if line == ROWS else 2
        ratio = f"{compared / first[line]:.2f}" if first.get(line, 0) > LEAST_TO_COMPARE else ""
        table.add(line, *(f"{column.get(line, 0.0):,.{places}f}" for column in columns.values()), ratio)
    table.note(
        f"Figure to reach: with as many users the incremental models take at most 1.25 times as long after {long:,}"
        f" days; here {last[INCREMENTAL] / first[INCREMENTAL]:.2f}. Against the small world with as many rows a day it"
        f" is {last[INCREMENTAL] / small[INCREMENTAL]:.2f}."
    )
    table.note(
        f"Seconds are the least of {increments} days, as dbt recorded them per node. Rebuilt models below"
        f" {LEAST_TO_SHOW} s after {long:,} days are left out."
    )
    return [table]
