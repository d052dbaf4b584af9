"""``python -m deploy.check_health``: the health checks of docker-compose.yaml for the services made of our image.

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


def main(arguments: list[str]) -> None:
    """Raises CartonCapsError with the reason when the service is not healthy."""
    match arguments:
        case ["airflow", part]:
            troubles = airflow_troubles(required(os.environ, "CARTON_API"), (part,))
        case ["worker", name]:
            troubles = worker_troubles(f"{name}@{socket.gethostname()}")
        case ["dash", address]:
            troubles = dash_troubles(address)
        case _:
            raise CartonCapsError("Name what to check: `airflow PART`, `worker NAME` or `dash ADDRESS`.")
    if troubles:
        raise CartonCapsError(f"No good answer from {'; '.join(troubles)}.")


def worker_troubles(name: str) -> list[str]:
    """What is wrong with a Celery worker, by its full name; empty when it answers."""
    from celery import Celery
    from kombu.exceptions import OperationalError

    app = Celery(broker=broker_url(os.environ))
    try:
        answers = app.control.ping(destination=[name], timeout=SECONDS_TO_ANSWER, limit=1)
    except OperationalError as error:
        return [f"the broker ({error})"]
    return [] if answers else [f"worker {name}"]


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except CartonCapsError as error:
        sys.exit(str(error))
