"""The steps in order, without a scheduler, and the command line: ``python -m include.pipeline --help``."""

from __future__ import annotations

import argparse
import logging
import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from include.alerts.command_line import alerts_arguments, watch_arguments
from include.build import REPROCESSING_WINDOW, Mode, build, plan
from include.errors import CartonCapsError
from include.evaluate.names import EVALUATIONS, evaluate
from include.housekeeping import command_line as housekeeping
from include.ingest.days import stretches
from include.settings import Paths, data_dir
from include.settings_list import value

log = logging.getLogger("carton_caps")


def run(
    start: date,
    end: date,
    paths: Paths,
    *,
    source: str | None = None,
    full_refresh: bool = False,
    accept: Sequence[str] = (),
) -> Path:
    """Generate (unless ``source`` is ``landing``), load, build, test and publish days ``start`` .. ``end`` in one pass.

    Without ``source`` it is what CARTON_SOURCE says. Landing days of the reprocessing window before ``start`` are
    loaded too where they are new or changed. Running the same days again changes nothing.

    Returns:
        The published snapshot.

    Raises:
        CartonCapsError: with what went wrong and what to do; the last snapshot then keeps serving.
    """
    if (source or value("CARTON_SOURCE")) == "simulator":
        generate(start, end, paths)
    load(start - REPROCESSING_WINDOW, end, paths, accept=accept, wanted_from=start)
    return build_and_publish(start, end, "run", paths, full_refresh=full_refresh)


def reprocess(start: date, end: date, paths: Paths, *, full_refresh: bool = False, accept: Sequence[str] = ()) -> Path:
    """Load what is new or changed in landing days ``start`` .. ``end``, rebuild the facts of those days, publish.

    Returns:
        The published snapshot.

    Raises:
        CartonCapsError: with what went wrong and what to do; the last snapshot then keeps serving.
    """
    load(start, end, paths, accept=accept)
    return build_and_publish(start, end, "reprocess", paths, full_refresh=full_refresh)


def generate(start: date, end: date, paths: Paths) -> None:
    """Let the simulator deliver the days ``start`` .. ``end`` that nobody has delivered yet.

    Raises:
        RealSourceError: real files land here; simulated people must not get between real ones.
    """
    from include.generator import config_from_env
    from include.generator.landing import require_simulated, undelivered_days
    from include.generator.simulate import write_days

    require_simulated()

    for first, last in stretches(undelivered_days(paths.landing, start, end)):
        log.info("generate %s .. %s", first, last)
        write_days(first, last, config_from_env(), paths)


def load(start: date, end: date, paths: Paths, *, accept: Sequence[str] = (), wanted_from: date | None = None) -> None:
    """Load landing days into ``raw`` and stop when a delivery is too broken to publish; see ``load_days``."""
    from include.ingest.load import load_days

    report = load_days(start, end, paths, accept, wanted_from=wanted_from)
    log.info("%s", report.text())
    _copy_sent_mails(paths)
    report.raise_if_blocked()


def _copy_sent_mails(paths: Paths) -> None:
    """Here, because a load may write to the warehouse; the data does not wait for a damaged mail queue."""
    from include.alerts.sent_log import copy_sent
    from include.alerts.store import AlertStoreError

    try:
        copy_sent(paths)
    except AlertStoreError as error:
        log.warning("The sent mails were not copied into ops.alerts_sent: %s", error)


def build_and_publish(start: date, end: date, mode: Mode, paths: Paths, *, full_refresh: bool = False) -> Path:
    """Plan the build, run dbt with its tests on the engine of the setting, publish what it made."""
    from include.serving.publish import publish

    variables = plan(start, end, mode, paths, full_refresh=full_refresh)
    log.info(
        "build %s: days %s .. %s%s",
        variables["build_id"],
        variables["window_start"],
        variables["window_end"],
        ", everything from scratch" if variables["full_refresh"] == "true" else "",
    )
    build(variables, paths)
    snapshot = publish(variables["build_id"], paths)
    log.info("published %s", snapshot.name)
    return snapshot


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m include.pipeline", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")

    def command(name: str, text: str) -> argparse.ArgumentParser:
        return commands.add_parser(name, help=text, description=text)

    def day(of: argparse.ArgumentParser, flag: str, text: str) -> None:
        of.add_argument(flag, type=date.fromisoformat, required=True, metavar="YYYY-MM-DD", help=text)

    def days(of: argparse.ArgumentParser) -> None:
        day(of, "--start", "first landing day")
        day(of, "--end", "last landing day")
        of.add_argument("--full-refresh", action="store_true", help="build every table from scratch")
        of.add_argument(
            "--accept-quarantine",
            action="append",
            default=[],
            metavar="TABLE:DS",
            help="publish although this delivery is blocked; `all` for every one; recorded in ops",
        )

    run_command = command("run", "generate, load, build, test and publish days")
    days(run_command)
    run_command.add_argument(
        "--source", choices=["simulator", "landing"], help="who delivers the days; without it, what CARTON_SOURCE says"
    )
    days(command("reprocess", "load what changed in these days and rebuild their facts, whatever their age"))
    for name, what in (("import-sqlite", "FILE"), ("import-csv", "DIR")):
        importer = command(name, f"turn the client's {what} into landing files of one day")
        importer.add_argument("path", type=Path, metavar=what)
        day(importer, "--ds", "the landing day that the files belong to")
    checker = command("check", "hold a landing folder against the contracts; loads nothing")
    checker.add_argument("path", type=Path, metavar="DIR")
    alerts_arguments(command("alerts", "what looks wrong, silences, and the queue of mails"))
    watch_arguments(command("watch", "for cron, without Airflow: mail when the snapshot is too old; exit code 1 then"))
    failing = command("failing-rows", "the rows that made a test of the last build fail; they may hold personal data")
    failing.add_argument("test", metavar="TEST", help="the test's name, as the error message gives it")
    failing.add_argument("--limit", type=int, default=20, metavar="N", help="how many rows to show")
    command("status", "what is loaded, built and published, and what wants attention")
    quarantine = command("quarantine", "rows that broke their contract")
    quarantine.add_argument(
        "action", choices=["replay"], help="judge them again from their files, after the contract or a file was mended"
    )
    evaluation = command("evaluate", "score what the project finds against the simulator's truth; takes minutes")
    evaluation.add_argument(
        "name",
        choices=[*EVALUATIONS, "all"],
        metavar="NAME",
        help="; ".join(f"{name}: {what}" for name, what in EVALUATIONS.items()) + "; all",
    )
    housekeeping.add_commands(commands)
    return parser


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return the exit code.

    0 is done, which for ``run`` and ``reprocess`` means published; 1 is refused, with a message; 2 is wrong usage.
    """
    arguments = _parser().parse_args(argv)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s", datefmt="%H:%M:%S", stream=sys.stderr)
    paths = data_dir()
    try:
        return _execute(arguments, paths)
    except CartonCapsError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1


def _execute(arguments: argparse.Namespace, paths: Paths) -> int:
    match arguments.command:
        case "run" | "reprocess":
            if arguments.start > arguments.end:
                raise CartonCapsError(f"--start {arguments.start} is after --end {arguments.end}. Swap them.")
            options = {"full_refresh": arguments.full_refresh, "accept": arguments.accept_quarantine}
            if arguments.command == "run":
                print(run(arguments.start, arguments.end, paths, source=arguments.source, **options))
            else:
                print(reprocess(arguments.start, arguments.end, paths, **options))
        case "import-sqlite":
            from include.generator.importers import import_sqlite

            print(import_sqlite(arguments.path, arguments.ds, paths))
        case "import-csv":
            from include.generator.importers import import_csv

            print(import_csv(arguments.path, arguments.ds, paths))
        case "check":
            from include.ingest.check import check

            report = check(arguments.path)
            print(report.text())
            return 0 if report.is_clean else 1
        case "alerts":
            from include.alerts.command_line import run_alerts

            print(run_alerts(arguments, paths))
        case "watch":
            from include.alerts.command_line import run_watch

            watched = run_watch(arguments, paths)
            print(watched.sentence)
            return 0 if watched.is_fresh else 1
        case "failing-rows":
            from include.build_failures import failing_rows

            print(failing_rows(arguments.test, paths, arguments.limit))
        case "status":
            from include.status import status

            print(status(paths))
        case "quarantine":
            from include.ingest.replay import replay_quarantine

            print(replay_quarantine(paths).text())
        case "evaluate":
            print(evaluate(arguments.name, paths))
        case _:
            print(housekeeping.answer(arguments, paths))
    return 0


if __name__ == "__main__":
    sys.exit(main())
