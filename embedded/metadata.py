"""``python -m embedded.metadata``: what Airflow's database must hold before its servers start.

One process for all of it: each ``airflow`` command would spend about five seconds on its own start.
Needs the environment of ``airflow_env``.
"""

from __future__ import annotations

import os

from deploy.metadata import prepare_database
from embedded.places import HOST

if __name__ == "__main__":
    prepare_database(HOST, int(os.environ["CARTON_SMTP_PORT"]))
