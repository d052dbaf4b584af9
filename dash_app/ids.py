"""Component ids that more than one file names. Page-specific ids carry the page's prefix and stay in its file."""

SNAPSHOT = "shell-snapshot"  # store: build id and days of the snapshot shown, null without one
THEME = "shell-theme"  # store: light or dark
FILTERS = "shell-filters"  # store: the filters as URL parameters
FRESHNESS = "shell-freshness"
TICK = "shell-tick"
TOAST = "shell-toast"
THEME_TOGGLE = "shell-theme-toggle"
LOCATION = "_pages_location"  # made by Dash's page container

PERIOD, FROM, TO = "filter-period", "filter-from", "filter-to"
RESET = "filter-reset"
BOUNDS = "filter-bounds"


def narrowing(name: str) -> str:
    """The id of the control of what narrows a period, see ``filters.NARROWINGS``."""
    return f"filter-{name.replace('_', '-')}"


def nav(name: str) -> str:
    """The id of a view's navigation link."""
    return f"nav-{name}"
