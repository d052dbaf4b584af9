"""Look at the newly published numbers and mail what is news: what began to look wrong, got worse, or is over.

**When.** After each publication: it starts on the asset `carton_caps_gold`. By hand with `send_always` it mails even
when nothing is news, to see that mails arrive.

**Who gets it.** CARTON_ALERT_RECIPIENTS, or the group's own CARTON_ALERT_RECIPIENTS_FINANCE and so on, through the
connection `smtp_default` (a local sink by default). The first publication after a week also brings the weekly digest.
With the mail server down the run succeeds all the same: `carton_caps_mail_queue` sends later.
It reads the published snapshot only, so it never waits for the warehouse.

**Who to ask.** The owner of the tasks (`data-platform`) about a check; the group that got the mail about what it says.

**When it fails.** Nothing was mailed and nothing is forgotten: clear the run, or wait for the next publication. A build
is judged once, so clearing sends no mail twice. `docs/runbook.md` says what to do about each kind of mail.
"""

from __future__ import annotations

from typing import Any

from airflow.sdk import Param, dag, task

from dags.shared.origin import publishing_run
from dags.shared.settings import DAG_OPTIONS, GOLD_PUBLISHED

FORM = {
    "send_always": Param(
        False, type="boolean", title="Send in any case", description="Mail the result even when nothing is news."
    )
}


@dag(schedule=[GOLD_PUBLISHED], params=FORM, tags=["alerts"], doc_md=__doc__, **DAG_OPTIONS)
def carton_caps_alerts() -> None:
    """The news of this publication, then the digest of the week; each sends its mails at once."""

    @task
    def judge(**context: Any) -> list[str]:
        """Run the checks on the snapshot; one mail for each reader whose news there are."""
        from include.alerts.judge import judge as judge_snapshot
        from include.alerts.send import send_waiting
        from include.settings import data_dir

        run = publishing_run(context)  # type: ignore[arg-type]
        queued = judge_snapshot(data_dir(), run, mail_anyway=context["params"]["send_always"])
        send_waiting(must_succeed=False)
        return [*queued]

    @task
    def digest() -> str | None:
        """The digest of the last whole week, once."""
        from include.alerts.digest import queue_digest
        from include.alerts.send import send_waiting
        from include.settings import data_dir

        queued = queue_digest(data_dir())
        send_waiting(must_succeed=False)
        return queued

    judge() >> digest()


carton_caps_alerts()
