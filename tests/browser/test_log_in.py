"""A person logs in, sees what is theirs, and goes again."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from dash_app.access.__main__ import add_person
from tests.dash_app.test_annotations import publish_figures_over_time
from tests.support.browser import served

pytestmark = pytest.mark.slow
PASSWORD = "a good long password"


@pytest.fixture
def url(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The app for those in a file, where finance is for others than ann."""
    file = tmp_path / "people.toml"
    file.write_text('[limits]\nfinance = ["finance"]\n', encoding="utf-8")
    add_person(file, "ann", ["trust"], PASSWORD)
    monkeypatch.setenv("CARTON_ACCESS", "people")
    monkeypatch.setenv("CARTON_ACCESS_FILE", str(file))
    monkeypatch.setenv("CARTON_SESSION_KEY", "k" * 40)
    publish_figures_over_time(tmp_path)
    with served(tmp_path) as address:
        yield address


def test_the_form_leads_to_the_page_asked_for_with_the_views_of_the_person(url: str, browser: Browser) -> None:
    page = browser.new_page()
    answer = page.goto(f"{url}/product?period=7d")
    assert answer is not None
    assert answer.status == 401
    for password, leads_on in (("wrong", False), (PASSWORD, True)):
        page.fill("#name", "ann")
        page.fill("#password", password)
        page.click("button")
        expect(page.locator("[role=alert]")).to_have_count(0 if leads_on else 1)
    page.wait_for_selector(".page-body > *")
    assert page.url == f"{url}/product?period=7d"
    expect(page.locator("text=Executive Overview")).to_be_visible()
    expect(page.locator("text=Finance Forecast")).to_be_hidden()
    page.click("text=Log out")
    expect(page.locator("#password")).to_be_visible()
    page.close()
