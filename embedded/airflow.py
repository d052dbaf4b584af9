"""``python -m embedded.airflow ARGUMENTS``: Airflow's own command line against the servers that run here.

For example ``python -m embedded.airflow backfill create --dag-id carton_caps_daily --from-date D --to-date
DT23:59:59``.
"""

from __future__ import annotations

import os
import sys

from embedded import postgres
from embedded.airflow_env import airflow_env
from embedded.places import Places, Ports
from embedded.running import running_pid
from embedded.world import load_world
from include.errors import CartonCapsError
from include.settings import data_dir


def main(arguments: list[str]) -> None:
    """Become the ``airflow`` command with this installation's environment; ports as in the environment of the start.

    Raises CartonCapsError when the servers do not run: the command would find no database.
    """
    places = Places(data_dir())
    world = load_world(places)
    if world is None or running_pid(places) is None:
        raise CartonCapsError(f"Nothing runs for {places.paths.root}. Start it with `make run`, then try again.")
    env = airflow_env(places, Ports.from_env(), postgres.database_uri(postgres.start(places)), world)
    os.execvpe("airflow", ["airflow", *arguments], env)  # noqa: S606, S607 - the one on the PATH that airflow_env sets


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except CartonCapsError as error:
        sys.exit(str(error))
