"""Look at the newly published numbers and mail what looks wrong.

**When.** After each publication: it starts on the asset `carton_caps_gold`. By hand with `send_always` it mails even
when nothing is wrong, to see that mails arrive.

**Who gets it.** CARTON_ALERT_RECIPIENTS, through the connection `smtp_default` (a local sink by default).
It reads the published snapshot only, so it never waits for the warehouse.
"""

from __future__ import annotations

from typing import Any

from airflow.sdk import Param, dag, task

from dags.shared.settings import DAG_OPTIONS, GOLD_PUBLISHED

FORM = {
    "send_always": Param(
        False, type="boolean", title="Send in any case", description="Mail the result even when nothing is wrong."
    )
}


@dag(schedule=[GOLD_PUBLISHED], params=FORM, tags=["alerts"], doc_md=__doc__, **DAG_OPTIONS)
def carton_caps_alerts() -> None:
    """One check, at most one mail."""

    @task
    def check_volume(**context: Any) -> str:
        """Read how the newest day's volume was judged, mail when it is unusual."""
        from include.alerts.send import recipients, send
        from include.alerts.volume import newest_volume, volume_mail
        from include.settings import data_dir

        volume = newest_volume(data_dir())
        if volume.wants_a_mail or context["params"]["send_always"]:
            send(volume_mail(volume), recipients())
        return volume.sentence

    check_volume()


carton_caps_alerts()
