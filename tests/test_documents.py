"""Links between the documents lead somewhere, and the README leads to every document."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from include.settings import PROJECT_ROOT

DOCS = PROJECT_ROOT / "docs"
PAGES = [
    *(PROJECT_ROOT / name for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md")),
    *sorted(DOCS.rglob("*.md")),
]


def anchors(page: Path) -> set[str]:
    """The anchors of a page's headings, as readers of Markdown make them."""
    headings = re.findall(r"^#+ (.+)$", page.read_text("utf-8"), re.MULTILINE)
    plain = [re.sub(r"\[([^]]*)\]\([^)]*\)", r"\1", heading) for heading in headings]
    return {re.sub(r"[^\w -]", "", heading).lower().replace(" ", "-") for heading in plain}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(PROJECT_ROOT).as_posix())
def test_every_link_leads_to_a_file_and_a_heading_that_are_there(page: Path):
    links = [link for link in re.findall(r"\]\(([^)\s]+)\)", page.read_text("utf-8")) if "://" not in link]
    broken = []
    for link in links:
        path, _, heading = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        if not target.exists() or (heading and heading not in anchors(target)):
            broken.append(link)
    assert broken == []


def test_the_readme_leads_to_every_document():
    readme = (PROJECT_ROOT / "README.md").read_text("utf-8")
    wanted = [f"docs/{page.name}" for page in sorted(DOCS.glob("*.md"))] + [
        "CHANGELOG.md",
        "LICENSE",
        "CONTRIBUTING.md",
    ]
    assert [name for name in wanted if f"]({name})" not in readme] == []
