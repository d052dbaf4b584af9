"""Fixtures that more than one folder of tests uses."""

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


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The long files first, so that the short ones fill both workers to the end.

    First of all those with a whole installation, half of whose time is waiting, then what builds with dbt or opens a
    browser. The order within a file stays.
    """
    slow = {item.path for item in items if item.get_closest_marker("slow")}
    items.sort(key=lambda item: ("e2e" not in item.path.parts, item.path not in slow))
