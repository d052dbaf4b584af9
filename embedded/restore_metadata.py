"""``python -m embedded.restore_metadata BACKUP``: Airflow's database out of a backup, while the servers are stopped.

The database that is there is replaced; it is dumped into the data root before.
"""

from __future__ import annotations

import sys
from pathlib import Path

from embedded import postgres
from embedded.places import Places
from embedded.running import held
from include.errors import CartonCapsError
from include.housekeeping.backups import METADATA, find_backup, now
from include.housekeeping.metadata import dump_metadata, require_readable_dump, restore_metadata
from include.settings import data_dir


def restore(backup: str, places: Places) -> Path:
    """Replace Airflow's database by the one in the backup; returns the dump of the one that was there.

    Raises CartonCapsError when the backup has none, when the servers run, or with PostgreSQL's words.
    """
    found = find_backup(backup, places.paths)
    found.require_intact()
    if METADATA not in found.files:
        raise CartonCapsError(
            f"The backup {found.folder} is without Airflow's database: it was made by hand, not by the DAG. "
            f"`python -m include.pipeline restore` shows which ones have it."
        )
    require_readable_dump(found.folder / METADATA)
    with held(places):
        server = postgres.start(places)
        try:
            uri = postgres.database_uri(server)
            before = places.paths.root / f"airflow-before-{now():%Y-%m-%dT%H%M%SZ}.dump"
            dump_metadata(uri, before)
            restore_metadata(uri, found.folder / METADATA)
        finally:
            server.stop()
    return before


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    try:
        kept = restore(sys.argv[1], Places(data_dir()))
    except CartonCapsError as error:
        sys.exit(f"error: {error}")
    print(f"Airflow's database is the backup's. The one that was there is in {kept}; `make run` starts the servers.")
