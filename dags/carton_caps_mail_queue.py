"""Send the mails that wait in the queue because the mail server was away or refused an address.

**When.** Every quarter of an hour, and three more tries a minute apart when the server does not answer. Most runs find
nothing: alerts and failures send their mails at once, this only makes up for what they could not send.

**Who to ask.** The owner of the tasks (`data-platform`); whoever runs the mail server.

**When it fails.** The mails stay queued, and the next run tries again. Check host, port and log-in of the connection
`smtp_default`. `python -m include.pipeline alerts list` shows what waits and what the server said.
"""

from __future__ import annotations

from datetime import timedelta

from airflow.sdk import dag, task

from dags.shared.settings import DAG_OPTIONS, START_DATE

# A failed run of this DAG mails nothing: its mail would only wait in the queue that could not be sent.
OPTIONS = DAG_OPTIONS | {"on_failure_callback": None}


@dag(
    schedule="*/15 * * * *",
    start_date=START_DATE,
    catchup=False,
    tags=["alerts"],
    doc_md=__doc__,
    **OPTIONS,
)
def carton_caps_mail_queue() -> None:
    """One task."""

    @task(retries=3, retry_delay=timedelta(minutes=1))
    def send() -> str:
        """Send what waits; fails while the server is away, so that Airflow tries again."""
        from include.alerts.send import send_waiting

        return send_waiting(must_succeed=True).sentence

    send()


carton_caps_mail_queue()
