"""Whatever the order, split, duplication and redelivery of files inside the window, bronze says the same in the end."""

from __future__ import annotations

import tempfile
from datetime import date, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.ingest.landed import DAY, EVENT, Landing

FIRST = DAY - timedelta(days=3)
DAYS = [FIRST + timedelta(days=number) for number in range(4)]
TYPES = ("install", "signup", "app_open")


class Version(NamedTuple):
    """One landed version of an event; ``is_broken`` makes it a row for the quarantine."""

    ds: date
    event: int
    user: int
    event_type: str
    is_broken: bool

    def line(self) -> str:
        user = "nobody" if self.is_broken else str(self.user)
        return f"e{self.event},{user},{self.event_type},{self.ds - timedelta(days=self.event % 4)} 10:00:00\n"


class File(NamedTuple):
    ds: date
    name: str
    versions: tuple[Version, ...]


class Delivery(NamedTuple):
    """``steps`` are files in the order in which they land, each with whether a load follows."""

    versions: list[Version]
    steps: list[tuple[File, bool]]


# a key comes once a day: which of two rows of one day counts depends on their files, so a split would change it
VERSIONS = st.lists(
    st.builds(
        Version,
        st.sampled_from(DAYS),
        st.integers(0, 5),
        st.integers(1, 9),
        st.sampled_from(TYPES),
        st.sampled_from([False, False, False, True]),
    ),
    min_size=1,
    max_size=14,
    unique_by=lambda version: (version.ds, version.event),
)


@st.composite
def deliveries(draw: st.DrawFn) -> Delivery:
    versions = draw(VERSIONS)
    files: list[File] = []
    for ds in DAYS:
        of_day = draw(st.permutations([version for version in versions if version.ds == ds]))
        cuts = sorted(draw(st.sets(st.integers(1, max(1, len(of_day) - 1)), max_size=2)))
        parts = [of_day[a:b] for a, b in zip([0, *cuts], [*cuts, len(of_day)], strict=True) if a < b]
        files += [File(ds, f"part-{number}.csv", tuple(part)) for number, part in enumerate(parts)]
    for file in draw(st.lists(st.sampled_from(files), max_size=2)):  # the same content under another name
        files.append(file._replace(name=f"again-{len(files)}.csv"))
    newest = {version.event: version for version in sorted(versions)}
    for version in draw(st.lists(st.sampled_from(sorted(newest.values())), max_size=2)):  # sent again on a later day
        later = draw(st.sampled_from([ds for ds in DAYS if ds >= version.ds]))
        files.append(File(later, f"resent-{len(files)}.csv", (version,)))
    steps: list[tuple[File, bool]] = []
    for file in draw(st.permutations(files)):
        if draw(st.booleans()):  # first a wrong version of it, which the right one replaces
            wrong = [row._replace(user=99, is_broken=not row.is_broken) for row in file.versions[:2]]
            steps.append((file._replace(versions=tuple(wrong)), draw(st.booleans())))
        steps.append((file, draw(st.sampled_from([False, False, True]))))
    return Delivery(versions, steps)


def put(landing: Landing, file: File) -> None:
    landing.put("events", f"{EVENT}\n{''.join(version.line() for version in file.versions)}", file.ds, file.name)


def bronze(landing: Landing) -> tuple[list[tuple[Any, ...]], list[tuple[Any, ...]]]:
    """The newest row of each key, and what is in quarantine, wherever it came from."""
    return (
        landing.rows(
            "select event_id, user_id, event_type, event_at from raw.events"
            " qualify row_number() over (partition by event_id order by _ds desc, _file desc, _line desc) = 1"
            " order by all"
        ),
        landing.rows("select distinct table_name, reasons, raw_row from raw.quarantine order by all"),
    )


def agrees_with_one_clean_load(delivery: Delivery) -> None:
    with tempfile.TemporaryDirectory() as root:
        clean, messy = Landing(Path(root) / "clean"), Landing(Path(root) / "messy")
        for ds in DAYS:
            put(clean, File(ds, "part-0.csv", tuple(version for version in delivery.versions if version.ds == ds)))
            clean.complete(ds)
            messy.complete(ds)
        clean.load(end=DAY)
        for file, is_loaded in delivery.steps:
            put(messy, file)
            if is_loaded:
                messy.load(end=DAY)
        messy.load(end=DAY)
        assert bronze(messy) == bronze(clean)


CALM = {"deadline": None, "suppress_health_check": list(HealthCheck), "database": None}


@pytest.mark.slow
@settings(max_examples=10, phases=[Phase.explicit, Phase.generate], derandomize=True, **CALM)
@given(deliveries())
def test_any_delivery_of_the_same_rows_gives_the_same_bronze(delivery: Delivery):
    agrees_with_one_clean_load(delivery)


@pytest.mark.extended
@settings(max_examples=120, **CALM)
@given(deliveries())
def test_any_of_many_deliveries_of_the_same_rows_gives_the_same_bronze(delivery: Delivery):
    agrees_with_one_clean_load(delivery)
