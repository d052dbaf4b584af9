"""``python -m reference``: write the reference pages anew; commit what it writes."""

from __future__ import annotations

from reference.pages import write

if __name__ == "__main__":
    write()
