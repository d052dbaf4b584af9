"""``python -m deploy.init``: what Airflow's database must hold before the servers start, and the first log-in.

Runs to its end at every ``docker compose up``: after an upgrade it migrates, what people changed it leaves alone.
"""

from __future__ import annotations

import os
import sys

from deploy.team import ADMIN, required, team_env
from include.errors import CartonCapsError


def main() -> None:
    """Do all of it. Raises CartonCapsError when a variable is missing."""
    password = required(os.environ, "CARTON_ADMIN_PASSWORD")
    mail_host, mail_port = required(os.environ, "CARTON_SMTP_HOST"), required(os.environ, "CARTON_SMTP_PORT")
    os.environ.update(team_env(os.environ))

    from deploy.metadata import prepare_database  # Airflow reads its settings when it is imported

    prepare_database(mail_host, int(mail_port))
    make_admin(password)


def make_admin(password: str) -> None:
    """The first person who can log in. One who exists keeps the password: people change it in the UI."""
    from airflow.providers.fab.auth_manager.cli_commands.utils import get_application_builder

    with get_application_builder() as builder:
        if builder.sm.find_user(ADMIN) is None:
            role = builder.sm.find_role("Admin")
            if not builder.sm.add_user(ADMIN, "First", "Admin", f"{ADMIN}@carton-caps.example", role, password):
                raise CartonCapsError(f"Airflow did not take the user {ADMIN}; the reason is in the lines above.")


if __name__ == "__main__":
    try:
        main()
    except CartonCapsError as error:
        sys.exit(str(error))
