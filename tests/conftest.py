"""Fixtures that more than one folder of tests uses."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests.support.browser import browser, open_page  # fixtures: one browser for each module

__all__ = ["browser", "open_page"]

# no test measures time: a busy machine makes any example slow
settings.register_profile("any machine", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("any machine")


@pytest.fixture(autouse=True, scope="session")
def own_backups_only():
    """No test makes, drops or reads a backup where the person who runs the tests keeps theirs."""
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("CARTON_BACKUP_DIR", raising=False)
        patch.delenv("CARTON_METADATA_URI", raising=False)
        yield


@pytest.hookimpl(trylast=True)  # of what -m leaves
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The long files first, so that the short ones fill both workers to the end.

    First of all those that need a longer time limit than the rest, which one worker has for an hour or two; then those
    with a whole installation, half of whose time is waiting, then what builds with dbt or opens a browser. The order
    within a file stays.
    """
    slow = {item.path for item in items if item.get_closest_marker("slow")}
    limits: dict[Path, int] = {}
    for item in items:
        if own_limit := item.get_closest_marker("timeout"):
            limits[item.path] = max(limits.get(item.path, 0), own_limit.args[0])
    items.sort(key=lambda item: (-limits.get(item.path, 0), "e2e" not in item.path.parts, item.path not in slow))
