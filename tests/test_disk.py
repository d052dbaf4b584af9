"""A disk that is nearly full stops a load and a publication before they write, and says what to do."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from include.disk import DiskNearlyFullError, size
from include.ingest.load import load_days
from include.serving.publish import publish
from include.settings import Paths
from include.warehouse import connect
from tests.support.builds import pretend_build
from tests.support.landing import land_day
from tests.support.small_disk import SmallDisk, small_disk

DAY = date(2026, 3, 1)
NEXT = date(2026, 3, 2)
PRODUCT = {"product_id": 1, "name": "Oats", "category": "cereal", "price": "5.00", "points_per_dollar": "2"}


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[SmallDisk]:
    with small_disk(tmp_path / "disk") as made:
        yield made


def test_a_load_says_what_it_needs_what_is_free_and_what_may_go_and_goes_on_once_there_is_room(disk: SmallDisk):
    paths = Paths(disk.folder / "data")
    pretend_build(paths, "b1", DAY, load_id=1)
    publish("b1", paths)
    pretend_build(paths, "b2", DAY, load_id=1)
    publish("b2", paths)
    land_day(paths, NEXT, {"products": [PRODUCT | {"created_at": "2026-01-01"}]})
    disk.fill()
    with pytest.raises(DiskNearlyFullError) as full:
        load_days(NEXT, NEXT, paths)
    assert "is nearly full: loading these landing files wants " in str(full.value)
    assert " are free. Nothing was written." in str(full.value)
    assert f"older snapshots: {paths.serving}/gold-*.duckdb except gold-b2.duckdb" in str(full.value)
    with connect(paths, read_only=True) as con:
        assert con.execute("select max(ds) from ops.landing_days").fetchall() == [(DAY,)]
    disk.empty()
    assert load_days(NEXT, NEXT, paths).rows_loaded == 1


def test_publishing_keeps_the_last_snapshot_and_goes_on_once_there_is_room(disk: SmallDisk):
    paths = Paths(disk.folder / "data")
    pretend_build(paths, "b1", DAY, load_id=1)
    first = publish("b1", paths)
    pretend_build(paths, "b2", DAY, load_id=1)
    disk.fill()
    with pytest.raises(DiskNearlyFullError, match=r"the new snapshot wants .* are free"):
        publish("b2", paths)
    assert paths.current.resolve() == first
    assert list(paths.serving.glob(".gold-*")) == []
    disk.empty()
    assert publish("b2", paths) == paths.current.resolve() != first


@pytest.mark.parametrize(("count", "text"), [(7, "7 bytes"), (2048, "2.0 KiB"), (3 * 2**30 // 2, "1.5 GiB")])
def test_sizes_read_well(count: int, text: str):
    assert size(count) == text
