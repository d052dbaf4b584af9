"""What the fresh machine types is what the README says."""

from __future__ import annotations

import pytest

from deploy.fresh_machine import FreshMachineError, blocks, web_app
from include.settings import PROJECT_ROOT

README = (PROJECT_ROOT / "README.md").read_text("utf-8")


def test_the_readme_has_two_commands_and_says_where_the_web_app_is(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delenv("CARTON_DASH_PORT", raising=False)
    assert blocks(README) == [["make run"], ["make test"]]
    assert web_app(README) == "http://localhost:8050"
    monkeypatch.setenv("CARTON_DASH_PORT", "9050")
    assert web_app(README) == "http://localhost:9050"


def test_blocks_of_other_sections_and_other_languages_are_left_out():
    text = "## A\n```bash\nmake one\n\nmake two\n```\n```toml\nx = 1\n```\n## Two commands\n```bash\nmake run\n```\n"
    assert blocks(text, "A") == [["make one", "make two"]]
    assert blocks(text) == [["make run"]]


def test_a_section_that_has_gone_is_named():
    with pytest.raises(FreshMachineError, match="no block of commands in a section “Two commands”"):
        blocks("## Start\n```bash\nmake run\n```\n")
