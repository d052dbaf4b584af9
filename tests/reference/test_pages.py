"""The committed reference pages are those of the code."""

from __future__ import annotations

import pytest

from reference.pages import files

FILES = files()


@pytest.mark.parametrize("page", FILES, ids=lambda file: file.name)
def test_the_committed_page_is_that_of_the_code(page):
    assert page.exists(), "write it: python -m reference"
    assert page.read_text(encoding="utf-8") == FILES[page], "write it anew: python -m reference"
