"""The dbt docs site, catalogue and lineage, as one page: ``python -m include.docs_site``.

The page opens offline, and the web app serves it. It is built after a publication, when the dbt project is another than
that of the page there is: what it says follows from the project, not from a day's rows.
"""

from __future__ import annotations

import gzip
import hashlib
import os
import sys
from importlib.metadata import version
from pathlib import Path

from include.build import DBT_PROJECT, BuildError
from include.settings import PROJECT_ROOT, Paths, data_dir

#: Written by dbt itself, or by a linter, into the project's folder.
_MADE_BY_DBT = ("target", "logs", "dbt_packages")


def keep_docs_site(paths: Paths) -> str:
    """Build the site when there is none of this dbt project; says what was done.

    Raises:
        BuildError: dbt could not make it. The old page keeps being served.
    """
    wanted = fingerprint()
    if paths.docs_site.exists() and _mark(paths).exists() and _mark(paths).read_text() == wanted:
        return "The docs site is that of this dbt project: nothing was built."
    publish_docs_site(paths)
    return f"The docs site was built: {paths.docs_site}"


def publish_docs_site(paths: Paths) -> Path:
    """Build the site and give it to the web app; returns the page that opens offline.

    Raises:
        BuildError: dbt could not make it.
    """
    project = fingerprint()
    page = build_docs_site(paths)
    paths.docs_site.parent.mkdir(parents=True, exist_ok=True)
    _mark(paths).unlink(missing_ok=True)  # a process that is killed now leaves a page that is built again
    unfinished = paths.docs_site.with_suffix(f".{os.getpid()}.part")
    unfinished.write_bytes(gzip.compress(_without_places(page.read_bytes(), paths)))
    unfinished.replace(paths.docs_site)
    _mark(paths).write_text(project)
    return page


def build_docs_site(paths: Paths) -> Path:
    """Write the site below the data root and return its page.

    Raises:
        BuildError: dbt could not make it.
    """
    from dbt.adapters.duckdb.connections import DuckDBConnectionManager
    from dbt.cli.main import dbtRunner

    from include.warehouse import connect

    with connect(paths):
        pass  # an empty warehouse has a catalogue too
    target = paths.root / "dbt" / "docs"
    os.environ["CARTON_DATA_DIR"] = str(paths.root)
    folders = ["--project-dir", str(DBT_PROJECT), "--profiles-dir", str(DBT_PROJECT), "--target-path", str(target)]
    try:
        result = dbtRunner().invoke(
            ["--quiet", "docs", "generate", "--static", *folders, "--log-path", str(paths.root / "dbt" / "logs")]
        )
    finally:
        DuckDBConnectionManager.close_all_connections()
    if not result.success:
        raise BuildError(f"dbt could not make its docs ({result.exception}). Its log is below {paths.root / 'dbt'}.")
    return target / "static_index.html"


def fingerprint() -> str:
    """A hash of the dbt project and of dbt's version: with another one the site says something else."""
    found = hashlib.sha256(version("dbt-core").encode())
    for file in sorted(DBT_PROJECT.rglob("*")):
        inside = file.relative_to(DBT_PROJECT)
        if (
            file.is_file()
            and inside.parts[0] not in _MADE_BY_DBT
            and not {"__pycache__", ".user.yml"} & {*inside.parts}
        ):
            found.update(f"{inside.as_posix()}\0".encode())
            found.update(hashlib.sha256(file.read_bytes()).digest())
    return found.hexdigest()


def _mark(paths: Paths) -> Path:
    """Holds the fingerprint of the project that the page is of."""
    return paths.docs_site.with_name("fingerprint")


def _without_places(page: bytes, paths: Paths) -> bytes:
    """dbt writes where it wrote its files; who reads the page has no use for the folders of the server."""
    for place, name in ((paths.root, "$CARTON_DATA_DIR"), (PROJECT_ROOT, ".")):
        page = page.replace(str(place).encode(), name.encode())
    return page


if __name__ == "__main__":
    sys.stdout.write(f"{publish_docs_site(data_dir())}\n")
