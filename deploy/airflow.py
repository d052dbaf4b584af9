"""``python -m deploy.airflow ARGUMENTS``: Airflow's own command line in a team's installation.

Every Airflow service of docker-compose.yaml starts through it, and a person uses it in a running container:
``docker compose exec scheduler python -m deploy.airflow dags list``.
"""

from __future__ import annotations

import os
import sys

from deploy.team import team_env
from include.errors import CartonCapsError


def main(arguments: list[str]) -> None:
    """Become the ``airflow`` command with the team's environment. Raises CartonCapsError when a variable is missing."""
    os.execvpe("airflow", ["airflow", *arguments], team_env(os.environ))  # noqa: S606, S607 - on the PATH of team_env


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except CartonCapsError as error:
        sys.exit(str(error))
