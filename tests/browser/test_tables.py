"""dbt's page of tables and lineage, opened from Data Health: it works, and it can do nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from dash_app.access.__main__ import add_person
from include.docs_site import keep_docs_site
from include.settings import Paths
from tests.dash_app.test_annotations import publish_figures_over_time
from tests.support.browser import served

pytestmark = pytest.mark.slow
PASSWORD = "a good long password"
TABLES = "/documents/health-tables"


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data root with figures and with the page, as a build and the task after it leave it."""
    root = tmp_path_factory.mktemp("tables")
    publish_figures_over_time(root)
    keep_docs_site(Paths(root))
    return root


@pytest.fixture
def url(root: Path) -> Iterator[str]:
    with served(root) as address:
        yield address


@pytest.fixture
def url_for_people(root: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The same for those in a file, where Data Health is for the group of operators."""
    file = root / "people.toml"
    file.unlink(missing_ok=True)
    file.write_text('[limits]\nhealth = ["operators"]\n', encoding="utf-8")
    for name, group in (("ann", "trust"), ("oda", "operators")):
        add_person(file, name, [group], PASSWORD)
    for name, value in (("", "people"), ("_FILE", str(file))):
        monkeypatch.setenv(f"CARTON_ACCESS{name}", value)
    monkeypatch.setenv("CARTON_SESSION_KEY", "k" * 40)
    with served(root) as address:
        yield address


def drawn(page: Page) -> None:
    """The project stands in the tree: the scripts have run. Asked again while one page follows another."""
    expect(page.locator("body")).to_contain_text("carton_caps", use_inner_text=True, timeout=30_000)


def model_is_shown(page: Page) -> None:
    drawn(page)
    page.evaluate("location.hash = '#!/model/model.carton_caps.fct_referral'")
    expect(page.locator("h1", has_text="fct_referral")).to_be_visible()
    expect(page.locator("body")).to_contain_text("One row per referral, including those that earn nothing")
    expect(page.locator("body")).to_contain_text("referrer_user_id")


def test_data_health_leads_to_the_page_and_it_shows_a_table_with_its_columns(url: str, browser: Browser) -> None:
    page = browser.new_page()
    page.goto(f"{url}/data-health")
    page.click("text=Tables and lineage")
    page.wait_for_url(f"**{TABLES}*")
    model_is_shown(page)
    page.close()


def test_the_page_reaches_nothing_of_the_app(url: str, browser: Browser) -> None:
    page = browser.new_page()
    page.goto(f"{url}{TABLES}")
    drawn(page)
    assert page.evaluate("self.origin") == "null"
    assert page.evaluate("fetch('/healthz').then(() => 'answered', () => 'refused')") == "refused"
    with pytest.raises(Exception, match="sandboxed"):
        page.evaluate("document.cookie")
    page.close()


def test_without_a_log_in_there_is_the_form_and_not_every_group_comes_in(url_for_people: str, browser: Browser) -> None:
    for name, status in (("ann", 403), ("oda", 200)):
        context = browser.new_context()
        page = context.new_page()
        refused = page.goto(f"{url_for_people}{TABLES}")
        assert refused is not None
        assert refused.status == 401
        assert "fct_referral" not in page.content()
        page.fill("#name", name)
        page.fill("#password", PASSWORD)
        with page.expect_response(lambda response: response.url == f"{url_for_people}{TABLES}") as answer:
            page.click("button")
        assert answer.value.status == status
        if status == 200:
            model_is_shown(page)
        context.close()
