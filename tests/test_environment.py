"""The environment as it is installed, here and in the image: compiled once, for every process that follows."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path

import pytest

from include.settings import PROJECT_ROOT


@pytest.mark.parametrize("package", ["airflow", "dbt", "statsmodels"])
def test_every_module_of_a_package_was_compiled_when_it_was_installed(package: str):
    """Nothing imports all of them: without the option of the Makefile many are missing, whatever ran before."""
    spec = importlib.util.find_spec(package)
    assert spec
    assert spec.submodule_search_locations
    for folder in spec.submodule_search_locations:
        modules = [file for file in Path(folder).rglob("*.py") if (file.parent / "__init__.py").exists()]
        missing = [file for file in modules if not Path(importlib.util.cache_from_source(str(file))).exists()]
        assert modules
        assert missing == []


def test_the_image_is_compiled_before_it_gets_a_user_who_may_not_write_into_it():
    before = (PROJECT_ROOT / "Dockerfile").read_text().split("\nUSER carton\n")[0]
    assert re.search(r"uv pip sync .*--compile-bytecode .*requirements\.txt", before)
    compiled = re.search(r"python -m compileall -q ([\w ]+) &&", before)
    assert compiled
    assert set(compiled[1].split()) == {"dags", "dash_app", "deploy", "embedded", "include"}
