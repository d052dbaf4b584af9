"""Where things are. Every path of the project's data follows from ``CARTON_DATA_DIR``."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from include.settings_list import value

PROJECT_ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Paths:
    """The folders and files below one data root."""

    root: Path

    @property
    def landing(self) -> Path:
        """Where sources deliver: ``landing/<table>/ds=YYYY-MM-DD/``."""
        return self.root / "landing"

    @property
    def archive(self) -> Path:
        """Old landing days, one zip file each: ``archive/landing/ds=YYYY-MM-DD.zip``."""
        return self.root / "archive" / "landing"

    @property
    def backup(self) -> Path:
        """Backups, one folder each. ``CARTON_BACKUP_DIR`` names a folder on another disk; one data root for each."""
        return Path(value("CARTON_BACKUP_DIR") or self.root / "backup").resolve()

    @property
    def warehouse(self) -> Path:
        """The DuckDB file that one process at a time may write."""
        return self.root / "warehouse" / "carton_caps.duckdb"

    @property
    def spark(self) -> Path:
        """What the Spark target reads and builds: exported ``raw``, tables as Parquet files, its catalogue, logs."""
        return self.root / "spark"

    @property
    def serving(self) -> Path:
        """The folder of published snapshots."""
        return self.root / "serving"

    @property
    def current(self) -> Path:
        """The link to the newest snapshot; readers resolve it and open what it names."""
        return self.serving / "current.duckdb"

    @property
    def docs_site(self) -> Path:
        """The page of tables and lineage, compressed; beside the snapshots, where the web app can read."""
        return self.serving / "docs-site" / "index.html.gz"

    @property
    def mail(self) -> Path:
        """What the local mail sink received, one ``.eml`` file each."""
        return self.root / "mail"

    @property
    def alerts(self) -> Path:
        """Queue and state of outgoing mail; outside DuckDB, so that a mail can go out while the warehouse is locked."""
        return self.root / "alerts"

    @property
    def truth(self) -> Path:
        """The simulator's ground truth. Only tests and evaluations may read it."""
        return self.root / "truth"


def data_dir() -> Paths:
    """The paths below ``$CARTON_DATA_DIR``, by default ``data/`` in the project."""
    return Paths(Path(value("CARTON_DATA_DIR") or PROJECT_ROOT / "data").resolve())
