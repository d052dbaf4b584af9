"""``python -m deploy.healthy``: the health checks of docker-compose.yaml for the services made of this project's image.

``airflow PART``   a part of Airflow (metadatabase, scheduler, triggerer, dag_processor) as the API server sees it
``worker NAME``    the Celery worker of that name on this host
``dash ADDRESS``   the dashboard at ``host:port``

Airflow's own ``airflow jobs check`` spends about four seconds of a core on its start, for each service and check.
"""

from __future__ import annotations

import os
import socket
import sys

from deploy.health import airflow_troubles, dash_troubles
from deploy.team import broker_url, required
from include.errors import CartonCapsError

SECONDS_TO_ANSWER = 5


def main(kind: str, name: str) -> None:
    """Raises CartonCapsError with the reason when the service is not healthy."""
    match kind:
        case "airflow":
            troubles = airflow_troubles(required(os.environ, "CARTON_API"), (name,))
        case "worker":
            troubles = worker_troubles(f"{name}@{socket.gethostname()}")
        case "dash":
            troubles = dash_troubles(name)
        case _:
            raise CartonCapsError(f"{kind!r} is no kind of service: choose airflow, worker or dash.")
    if troubles:
        raise CartonCapsError(f"No good answer from {'; '.join(troubles)}.")


def worker_troubles(name: str) -> list[str]:
    """What is wrong with a Celery worker, by its full name; empty when it answers."""
    from celery import Celery

    app = Celery(broker=broker_url(os.environ))
    answers = app.control.ping(destination=[name], timeout=SECONDS_TO_ANSWER, limit=1)
    return [] if answers else [f"worker {name}"]


if __name__ == "__main__":
    try:
        main(*sys.argv[1:3])
    except CartonCapsError as error:
        sys.exit(str(error))
