from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
import time
from datetime import date
from pathlib import Path

import duckdb
import pytest

from include.serving.publish import SNAPSHOTS_KEPT, Overtaken, PublishRefused, publish
from include.settings import PROJECT_ROOT, Paths
from include.warehouse import connect
from tests.support.builds import pretend_build

DAY = date(2026, 3, 1)


@pytest.fixture
def paths(tmp_path: Path) -> Paths:
    return Paths(tmp_path)


def served(paths: Paths) -> str:
    """The build that a reader sees."""
    with duckdb.connect(str(paths.current.resolve()), read_only=True) as con:
        return con.execute("select made_by from gold.dim_product").fetchall()[0][0]


def test_a_sound_build_becomes_what_readers_see(paths: Paths):
    pretend_build(paths, "b1", DAY, load_id=1)
    snapshot = publish("b1", paths)
    assert paths.current.resolve() == snapshot
    assert served(paths) == "b1"
    with duckdb.connect(str(snapshot), read_only=True) as con:
        assert con.execute("select build_id, as_of::date from ops.snapshot").fetchall() == [("b1", date(2026, 3, 2))]
        assert ("dim_product", "made_by", "The build that made it.") in con.execute(
            "select table_name, column_name, description from ops.column_docs"
        ).fetchall()


def test_only_tables_that_the_build_made_are_published(paths: Paths):
    pretend_build(paths, "b1", DAY, load_id=1)
    with duckdb.connect(str(publish("b1", paths)), read_only=True) as con:
        gold = con.execute("select table_name from duckdb_tables() where schema_name = 'gold'").fetchall()
    assert gold == [("dim_product",)]


def test_a_snapshot_is_immutable_and_moves_with_its_folder(paths: Paths, tmp_path: Path):
    pretend_build(paths, "b1", DAY, load_id=1)
    snapshot = publish("b1", paths)
    assert snapshot.stat().st_mode & 0o222 == 0
    assert not os.path.isabs(os.readlink(paths.current))  # noqa: PTH115, PTH117 - the link's own text is asked for


def test_every_publication_has_a_file_name_of_its_own(paths: Paths):
    for number in range(1, SNAPSHOTS_KEPT + 4):
        pretend_build(paths, f"b{number}", DAY, load_id=1)
        publish(f"b{number}", paths)
    assert len(list(paths.serving.glob("gold-*.duckdb"))) == SNAPSHOTS_KEPT
    assert served(paths) == f"b{SNAPSHOTS_KEPT + 3}"


def test_a_later_sound_build_is_what_gets_published(paths: Paths):
    pretend_build(paths, "b1", DAY, load_id=1)
    pretend_build(paths, "b2", DAY, load_id=1)  # two backfills took turns: gold is what the second one made
    assert publish("b1", paths).name == "gold-b2.duckdb"
    assert served(paths) == "b2"


def test_publishing_again_changes_nothing_and_is_recorded_once(paths: Paths):
    pretend_build(paths, "b1", DAY, load_id=1)
    snapshot = publish("b1", paths)
    written = snapshot.stat().st_mtime_ns
    assert publish("b1", paths) == snapshot
    assert snapshot.stat().st_mtime_ns == written
    with connect(paths, read_only=True) as con:
        assert con.execute("select build_id from ops.publications").fetchall() == [("b1",)]


class TestRefused:
    """The last snapshot keeps serving, and the message says what to do."""

    def test_when_a_node_failed(self, paths: Paths):
        pretend_build(paths, "b1", DAY, load_id=1)
        publish("b1", paths)
        pretend_build(paths, "b2", DAY, load_id=1, status="fail")
        with pytest.raises(PublishRefused, match=r"model\.carton_caps\.dim_product: fail"):
            publish("b2", paths)
        assert served(paths) == "b1"

    def test_when_dbt_was_killed_and_left_nodes_pending(self, paths: Paths):
        pretend_build(paths, "b1", DAY, load_id=1, status="pending")
        with pytest.raises(PublishRefused, match="not sound"):
            publish("b1", paths)

    def test_when_a_later_build_that_failed_has_changed_gold(self, paths: Paths):
        pretend_build(paths, "b1", DAY, load_id=1)
        pretend_build(paths, "b2", DAY, load_id=1, status="error")
        with pytest.raises(Overtaken, match=r"Build b1 was overtaken by build b2\. Build b2 is not sound"):
            publish("b1", paths)

    def test_when_a_load_was_committed_since(self, paths: Paths):
        pretend_build(paths, "b1", DAY, load_id=1)
        publish("b1", paths)
        pretend_build(paths, "b2", DAY, load_id=1)
        with connect(paths) as con:
            con.execute(
                "insert into ops.landing_days (ds, load_id, loaded_at) values ('2026-03-02', 2, now()::timestamp)"
            )
        with pytest.raises(Overtaken, match=r"does not cover load 2 of day 2026-03-02.*publishes both"):
            publish("b2", paths)
        assert served(paths) == "b1"

    def test_when_dbt_never_ran_for_the_plan(self, paths: Paths):
        pretend_build(paths, "b1", DAY, load_id=1)
        with connect(paths) as con:
            con.execute("delete from ops.dbt_runs")
        with pytest.raises(PublishRefused, match="dbt has not run for it"):
            publish("b1", paths)

    def test_when_the_build_is_unknown(self, paths: Paths):
        with pytest.raises(PublishRefused, match="no build nonsense"):
            publish("nonsense", paths)


PUBLISH_FOREVER = """
import itertools, sys
from datetime import date
from pathlib import Path
from include.serving.publish import publish
from include.settings import Paths
from tests.support.builds import pretend_build
paths = Paths(Path(sys.argv[1]))
print("ready", flush=True)
for number in itertools.count(int(sys.argv[2])):
    pretend_build(paths, f"b{number:06}", date(2026, 3, 1), load_id=1)
    publish(f"b{number:06}", paths)
"""


@pytest.mark.slow
def test_killed_publishers_never_show_a_reader_half_a_snapshot_or_an_older_one(paths: Paths):
    pretend_build(paths, "b000000", DAY, load_id=1)
    publish("b000000", paths)
    seen = served(paths)
    for round_number in range(6):
        first = (round_number + 1) * 1000
        publisher = subprocess.Popen(
            [sys.executable, "-c", textwrap.dedent(PUBLISH_FOREVER), str(paths.root), str(first)],
            cwd=PROJECT_ROOT,
            stdout=subprocess.PIPE,
        )
        assert publisher.stdout is not None
        publisher.stdout.readline()
        until = time.monotonic() + 0.4 + 0.13 * round_number
        while time.monotonic() < until or seen < f"b{first:06}":  # on a slow machine: until it has published
            now = served(paths)
            assert now >= seen
            seen = now
        publisher.send_signal(signal.SIGKILL)
        publisher.wait()
    assert served(paths) >= "b001000", "no publisher got anything through: the test proves nothing"
    pretend_build(paths, "b999999", DAY, load_id=1)
    publish("b999999", paths)
    assert not list(paths.serving.glob(".gold-*"))
