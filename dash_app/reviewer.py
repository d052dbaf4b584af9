"""Who decides. The one place that a log-in will change."""

from __future__ import annotations


def reviewer(typed: object) -> object:
    """The name: what was typed, as long as nobody logs in; then the one that the proxy of the log-in sends along."""
    return typed
