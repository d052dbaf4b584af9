"""The dbt project as dbt itself reads it: no warning, every view an exposure, and a docs site that needs no network."""

from __future__ import annotations

import gzip
import json
import re
from pathlib import Path

import pytest
import yaml

from dash_app.views import VIEWS
from include import docs_site
from include.build import DBT_PROJECT, BuildError
from include.docs_site import build_docs_site, keep_docs_site
from include.settings import PROJECT_ROOT, Paths


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


class TestKeepingThePageOfTheWebApp:
    @pytest.fixture
    def paths(self, tmp_path: Path) -> Paths:
        return Paths(tmp_path)

    @pytest.fixture
    def built(self, paths: Paths, monkeypatch: pytest.MonkeyPatch) -> list[Path]:
        """The pages that dbt was asked for; it takes ten seconds for each."""
        asked: list[Path] = []

        def build(paths: Paths) -> Path:
            page = paths.root / "static_index.html"
            page.write_text(f'{{"path": "{paths.root}/dbt/docs/compiled/x.sql", "root": "{PROJECT_ROOT}/include"}}')
            asked.append(page)
            return page

        monkeypatch.setattr(docs_site, "build_docs_site", build)
        return asked

    def test_it_is_built_once_for_a_dbt_project_and_again_for_another(
        self, paths: Paths, built: list[Path], monkeypatch: pytest.MonkeyPatch
    ):
        assert "was built" in keep_docs_site(paths)
        assert "nothing was built" in keep_docs_site(paths)
        monkeypatch.setattr(docs_site, "fingerprint", lambda: "another project")
        assert "was built" in keep_docs_site(paths)
        assert len(built) == 2

    def test_it_names_no_folder_of_the_server(self, paths: Paths, built: list[Path]):
        keep_docs_site(paths)
        page = gzip.decompress(paths.docs_site.read_bytes()).decode()
        assert page == '{"path": "$CARTON_DATA_DIR/dbt/docs/compiled/x.sql", "root": "./include"}'

    def test_a_build_that_fails_leaves_the_old_page_and_is_tried_again(
        self, paths: Paths, built: list[Path], monkeypatch: pytest.MonkeyPatch
    ):
        keep_docs_site(paths)
        old = paths.docs_site.read_bytes()
        monkeypatch.setattr(docs_site, "fingerprint", lambda: "another project")

        def fail(paths: Paths) -> Path:
            raise BuildError("dbt could not make its docs")

        with monkeypatch.context() as patch:
            patch.setattr(docs_site, "build_docs_site", fail)
            with pytest.raises(BuildError):
                keep_docs_site(paths)
        assert paths.docs_site.read_bytes() == old
        assert "was built" in keep_docs_site(paths)

    def test_a_file_of_the_project_that_changes_is_another_project(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ):
        project = tmp_path / "dbt"
        (project / "target").mkdir(parents=True)
        model = project / "model.sql"
        model.write_text("select 1")
        monkeypatch.setattr(docs_site, "DBT_PROJECT", project)
        first = docs_site.fingerprint()
        (project / "target" / "manifest.json").write_text("{}")
        assert docs_site.fingerprint() == first
        model.write_text("select 2")
        assert docs_site.fingerprint() != first
