"""``make screenshots``: every view as it looks today into ``docs/screenshots/``, from the data that is published.

That is the demo of ``make run``, or what ``CARTON_DATA_DIR`` points to; ``python -m tests.screenshots NAME`` makes one.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence

from playwright.sync_api import Page, sync_playwright

from dash_app.views import VIEWS
from include.settings import PROJECT_ROOT, data_dir
from tests.support.browser import CHROMIUM_FLAGS, chromium_path, served

FOLDER = PROJECT_ROOT / "docs" / "screenshots"
WIDTH, HEIGHT = 1280, 1500
#: Name of a picture -> view, width and theme, beside one of each view.
OTHERS = {"phone": ("executive", 390, "light"), "dark": ("network", WIDTH, "dark")}
WAIT_MS = 120_000


def main(names: Sequence[str] = ()) -> int:
    """The exit code; 1 when nothing has been published, or there is no picture of a name."""
    paths = data_dir()
    if not paths.current.exists():
        sys.stderr.write(f"Nothing has been published below {paths.root}. Make the demo first: make run\n")
        return 1
    FOLDER.mkdir(parents=True, exist_ok=True)
    pictures = {name: (name, WIDTH, "light") for name in VIEWS} | OTHERS
    if unknown := set(names) - set(pictures):
        sys.stderr.write(f"There is no picture {', '.join(sorted(unknown))}. There are: {', '.join(pictures)}.\n")
        return 1
    with served(paths.root) as url, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path(), args=[*CHROMIUM_FLAGS])
        for name in names or pictures:
            view, width, theme = pictures[name]
            page = browser.new_page(viewport={"width": width, "height": HEIGHT}, color_scheme=theme)
            shoot(page, url + VIEWS[view].path, name)
            page.close()
        browser.close()
    return 0


def shoot(page: Page, url: str, name: str) -> None:
    """The first screen of a page, once it is drawn."""
    page.goto(url, timeout=WAIT_MS)
    page.wait_for_selector(".page-body .figure-card", timeout=WAIT_MS)  # more than the sign that it loads
    page.wait_for_load_state("networkidle", timeout=WAIT_MS)
    page.wait_for_timeout(1500)  # charts move into place
    file = FOLDER / f"{name}.png"
    page.screenshot(path=file)
    sys.stdout.write(f"{file.relative_to(PROJECT_ROOT)}\n")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
