"""A simulated world that went the whole way: generated, loaded, built, tested and published."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from include.pipeline import run
from include.settings import Paths


def published_world(root: Path, users: int, first: date, last: date) -> Paths:
    """``users`` as the simulator counts them, days ``first`` .. ``last``, under ``root``."""
    paths = Paths(root)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CARTON_USERS", str(users))
        patch.setenv("CARTON_EPOCH", str(first))
        run(first, last, paths)
    return paths
