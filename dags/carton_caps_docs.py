"""Keep the page of tables and lineage, which Data Health leads to, true to the dbt project.

**When.** After each publication: it starts on the asset `carton_caps_gold`. The page says what the dbt project says, so
it is built again only when that has changed, after an upgrade: then it takes about ten seconds of the writer's turn.
On every other day the task compares a hash and ends.

**Who to ask.** data-platform.

**When it fails.** The numbers are published, and the old page stays. Read the log of the task; clear it, or run
`make docs`. The next publication tries again.
"""

from __future__ import annotations

from airflow.sdk import dag, task

from dags.shared.settings import DAG_OPTIONS, GOLD_PUBLISHED
from dags.shared.writer import WRITER


@dag(schedule=[GOLD_PUBLISHED], tags=["docs", "warehouse"], doc_md=__doc__, **DAG_OPTIONS)
def carton_caps_docs() -> None:
    """One task, apart from the daily run: a page about tables is no reason to be late with them."""

    @task(**WRITER)
    def keep_docs_site() -> str:
        """dbt reads the columns' types in the warehouse."""
        from include.docs_site import keep_docs_site
        from include.settings import data_dir

        return keep_docs_site(data_dir())

    keep_docs_site()


carton_caps_docs()
