"""Fixtures that more than one folder of tests uses."""

from tests.support.browser import browser, open_page  # fixtures: one browser for each module

__all__ = ["browser", "open_page"]
