"""The dbt project as dbt itself reads it: no warning, every view an exposure, and a docs site that needs no network."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
import yaml

from dash_app.views import VIEWS
from include.build import DBT_PROJECT
from include.docs_site import build_docs_site
from include.settings import Paths


def test_every_view_of_the_app_is_an_exposure_with_its_title_and_path():
    exposures = yaml.safe_load((DBT_PROJECT / "models" / "exposures.yml").read_text("utf-8"))["exposures"]
    assert [(entry["name"], entry["label"], entry["url"]) for entry in exposures] == [
        (view.name, view.title, f"http://localhost:8050{view.path}") for view in VIEWS.values()
    ]


@pytest.mark.slow
def test_dbt_reads_the_project_without_a_warning(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    from dbt.cli.main import dbtRunner
    from dbt_common.events.base_types import EventLevel, EventMsg

    monkeypatch.setenv("CARTON_DATA_DIR", str(tmp_path))
    told: list[str] = []

    def listen(event: EventMsg) -> None:
        if event.info.level in (EventLevel.WARN, EventLevel.ERROR):
            told.append(event.info.msg)

    folders = ["--project-dir", str(DBT_PROJECT), "--profiles-dir", str(DBT_PROJECT)]
    folders += ["--target-path", str(tmp_path / "target"), "--log-path", str(tmp_path / "logs")]
    result = dbtRunner(callbacks=[listen]).invoke(["parse", "--no-partial-parse", *folders])
    assert result.success
    assert told == []


@pytest.mark.slow
def test_the_docs_site_is_one_page_that_loads_nothing_and_knows_the_models(tmp_path: Path):
    page = build_docs_site(Paths(tmp_path)).read_text("utf-8")
    tags = re.findall(r"<(?:script|link|img|iframe)\b[^>]*>", page)
    loaded = [tag for tag in tags if re.search(r"""(?:src|href)\s*=\s*["']?(?:https?:)?//""", tag)]
    assert loaded == []
    manifest = json.loads((tmp_path / "dbt" / "docs" / "manifest.json").read_text("utf-8"))
    assert "model.carton_caps.fct_referral" in manifest["nodes"]
    assert manifest["nodes"]["model.carton_caps.fct_referral"]["description"][:60] in page
