"""Every page that follows from code, in one list, so that one command writes and one test checks them all."""

from __future__ import annotations

from pathlib import Path

from include.settings import PROJECT_ROOT
from reference import metrics, settings

DOCS = PROJECT_ROOT / "docs"


def files() -> dict[Path, str]:
    """Every generated page with its content."""
    return {DOCS / "metrics.md": metrics.page(), DOCS / "settings.md": settings.page()}


def write() -> None:
    """Write the pages."""
    for file, text in files().items():
        file.write_text(text, encoding="utf-8")
