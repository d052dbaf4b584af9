"""The client's own data becomes landing files: its base database, and folders of CSV files."""

from include.generator.importers.csv_folder import import_csv
from include.generator.importers.report import ImportRefusedError, ImportReport
from include.generator.importers.sqlite_base import import_sqlite

__all__ = ["ImportRefusedError", "ImportReport", "import_csv", "import_sqlite"]
