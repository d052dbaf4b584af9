"""Break the SQL on purpose, one place at a time; some test must notice: ``python -m tests.mutants [--only WORD]``.

Works on a copy of the project in a temporary folder. A mutation is caught when a dbt unit test of its model (of any
model, for a macro) fails, or else the pytest file it names. Exit code 1 when one survives, does not run, or no longer
finds the text it changes.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from include.settings import PROJECT_ROOT, Paths
from tests.mutants.mutations import MUTATIONS, Mutation

SURVIVED, BROKEN = "SURVIVED", "DOES NOT RUN"


def misplaced(mutation: Mutation) -> str:
    """Why the mutation cannot be applied, and what to do; empty when it can."""
    file = PROJECT_ROOT / "include" / "dbt" / mutation.file
    found = file.read_text(encoding="utf-8").count(mutation.before) if file.exists() else 0
    if found == 1:
        return ""
    return (
        f"{mutation.file}: the text of mutation '{mutation.breaks}' stands there {found} times, not once. "
        f"Update its `before` in tests/mutants/mutations.py:\n    {mutation.before!r}"
    )


class Copy:
    """The project in a temporary folder, with an empty warehouse that has every table."""

    def __init__(self, folder: Path) -> None:
        self.root = folder / "project"
        self._scratch = folder
        leave_out = shutil.ignore_patterns("__pycache__", "target", "logs")
        for name in ("include", "tests"):
            shutil.copytree(PROJECT_ROOT / name, self.root / name, ignore=leave_out)
        shutil.copy(PROJECT_ROOT / "pyproject.toml", self.root)
        self._data = Paths(folder / "data")
        os.environ["CARTON_DATA_DIR"] = str(self._data.root)
        from include.warehouse import connect

        with connect(self._data):
            pass
        self._dbt("seed")
        self._dbt("run", "--empty")  # unit tests ask the warehouse for the columns of their inputs

    def _dbt(self, *command: str) -> dict[str, str]:
        """Status of each node, by name; a parse error counts as a node of that name."""
        from dbt.adapters.duckdb.connections import DuckDBConnectionManager
        from dbt.cli.main import dbtRunner

        project = str(self.root / "include" / "dbt")
        options = ["--project-dir", project, "--profiles-dir", project, "--log-level", "none"]
        options += ["--target-path", str(self._scratch / "target"), "--log-path", str(self._scratch / "logs")]
        try:
            outcome = dbtRunner().invoke(["--quiet", *command, *options])
        finally:
            DuckDBConnectionManager.close_all_connections()
        if outcome.exception is not None:
            return {"parse": "error"}
        return {result.node.name: str(result.status) for result in outcome.result}

    def failed_unit_test(self, model: str = "") -> str:
        """The first unit test that fails, ``DOES NOT RUN`` when the SQL is in error, empty when all pass."""
        tests = self._dbt("test", "--select", f"test_type:unit,{model}" if model else "test_type:unit")
        if "error" in tests.values():
            return BROKEN
        return next((name for name, status in sorted(tests.items()) if status == "fail"), "")

    def failed_pytest(self, file: str) -> str:
        """The pytest file when one of its tests fails, else empty."""
        command = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", file]
        command += ["--basetemp", str(self._scratch / "pytest")]
        ran = subprocess.run(
            command,
            cwd=self.root,
            env=os.environ | {"PYTHONPATH": str(self.root)},
            check=False,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        if ran.returncode not in (0, 1):
            raise RuntimeError(f"pytest could not run {file} in the copy of the project:\n{ran.stdout[-3000:]}")
        return Path(file).stem if ran.returncode else ""

    def verdict(self, mutation: Mutation) -> str:
        """What catches the mutation, or SURVIVED or DOES NOT RUN; the copy is as before afterwards."""
        file = self.root / "include" / "dbt" / mutation.file
        original = file.read_text(encoding="utf-8")
        file.write_text(original.replace(mutation.before, mutation.after), encoding="utf-8")
        try:
            caught_by = self.failed_pytest(mutation.test) if mutation.test else self.failed_unit_test(mutation.model)
        finally:
            file.write_text(original, encoding="utf-8")
        return caught_by or SURVIVED


def main() -> int:
    """Run every mutation and print a table."""
    parser = argparse.ArgumentParser(prog="python -m tests.mutants", description=__doc__)
    parser.add_argument("--only", default="", help="mutations whose file or rule contains this")
    only = parser.parse_args().only
    chosen = [mutation for mutation in MUTATIONS if only in mutation.file or only in mutation.breaks]
    problems = [misplaced(mutation) for mutation in chosen if misplaced(mutation)]
    if problems or not chosen:
        print("\n".join(problems) or f"error: no mutation's file or rule contains '{only}'.", file=sys.stderr)
        return 1

    with tempfile.TemporaryDirectory(prefix="mutants-") as folder:
        copy = Copy(Path(folder))
        # a red test would seem to catch everything
        red = [copy.failed_unit_test(), *map(copy.failed_pytest, sorted({m.test for m in chosen if m.test}))]
        if any(red):
            print(f"error: red without any mutation: {', '.join(filter(None, red))}. Mend that first.", file=sys.stderr)
            return 1
        verdicts = []
        started = time.monotonic()
        print(f"{'rule broken':<66} {'model':<34} caught by")
        for mutation in chosen:
            verdicts.append(copy.verdict(mutation))
            print(f"{mutation.breaks:<66} {Path(mutation.file).stem:<34} {verdicts[-1]}", flush=True)
    escaped = sum(verdict in (SURVIVED, BROKEN) for verdict in verdicts)
    minutes = (time.monotonic() - started) / 60
    print(f"\n{len(verdicts)} mutations, {len(verdicts) - escaped} caught, {escaped} not; {minutes:.1f} minutes")
    return 1 if escaped else 0


if __name__ == "__main__":
    sys.exit(main())
