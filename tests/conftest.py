"""Fixtures that more than one folder of tests uses."""

from pathlib import Path

import pytest

from tests.support.browser import browser, open_page  # fixtures: one browser for each module

__all__ = ["browser", "open_page"]


@pytest.fixture(autouse=True, scope="session")
def own_backups_only():
    """No test makes, drops or reads a backup where the person who runs the tests keeps theirs."""
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("CARTON_BACKUP_DIR", raising=False)
        patch.delenv("CARTON_METADATA_URI", raising=False)
        yield


@pytest.hookimpl(tryfirst=True)  # before the plugin reads the groups
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Which tests one worker takes together: a file's, which share fixtures; a whole installation's, which are first.

    They are the longest, and half of their time is waiting.
    """
    for item in items:
        room = item.path.relative_to(Path(__file__).parent)
        item.add_marker(pytest.mark.xdist_group("e2e" if room.parts[0] == "e2e" else str(room)))
    items.sort(key=lambda item: "e2e" not in item.path.parts)
