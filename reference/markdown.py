"""Pieces of Markdown that more than one page needs."""

from __future__ import annotations

import re


def anchor(heading: str) -> str:
    """The anchor that readers of Markdown give a heading."""
    return re.sub(r"[^\w -]", "", heading).lower().replace(" ", "-")


def cell(text: str, *, in_table: bool = True) -> str:
    """A description on one line; in a table a bar would end the cell."""
    line = " ".join(text.split())
    return line.replace("|", r"\|") if in_table else line
