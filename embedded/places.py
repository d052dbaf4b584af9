"""Where the embedded servers keep their files below the data root, and on which ports they listen."""

from __future__ import annotations

import socket
from dataclasses import dataclass
from pathlib import Path

import psutil

from include.errors import CartonCapsError
from include.settings import Paths
from include.settings_list import default, value

HOST = "127.0.0.1"


class PortBusyError(CartonCapsError):
    """A port that a server needs is in use."""


@dataclass(frozen=True)
class Places:
    """Files and folders of the embedded servers, all below one data root."""

    paths: Paths

    @property
    def airflow_home(self) -> Path:
        """AIRFLOW_HOME: configuration, passwords, task logs."""
        return self.paths.root / "airflow"

    @property
    def postgres(self) -> Path:
        """The PostgreSQL cluster with Airflow's metadata."""
        return self.paths.root / "postgres"

    @property
    def secrets(self) -> Path:
        """Keys that were generated for this installation; mode 0600."""
        return self.airflow_home / "secrets.json"

    @property
    def passwords(self) -> Path:
        """Log-in of the Airflow UI, as its simple auth manager wants it; mode 0600."""
        return self.airflow_home / "passwords.json"

    @property
    def world(self) -> Path:
        """What the first start decided: epoch, first scheduled day, users."""
        return self.paths.root / "world.json"

    @property
    def logs(self) -> Path:
        """What the servers print, and the progress of a detached start."""
        return self.paths.root / "logs"

    @property
    def run(self) -> Path:
        """Lock, process id and live mark of the running servers."""
        return self.paths.root / "run"


@dataclass(frozen=True)
class Ports:
    """TCP ports on the loopback address."""

    airflow: int = int(default("CARTON_AIRFLOW_PORT"))
    dash: int = int(default("CARTON_DASH_PORT"))
    smtp: int = int(default("CARTON_SMTP_PORT"))

    @classmethod
    def from_env(cls) -> Ports:
        """The ports of CARTON_AIRFLOW_PORT, CARTON_DASH_PORT and CARTON_SMTP_PORT, else the defaults.

        Raises CartonCapsError when one of them is not a port number.
        """
        return cls(_port("CARTON_AIRFLOW_PORT"), _port("CARTON_DASH_PORT"), _port("CARTON_SMTP_PORT"))

    def check_free(self) -> None:
        """Raise PortBusyError with one line for each port that is taken: number, holder if known, variable to set."""
        named = [
            ("the Airflow UI", self.airflow, "CARTON_AIRFLOW_PORT"),
            ("the dashboard", self.dash, "CARTON_DASH_PORT"),
            ("the mail sink", self.smtp, "CARTON_SMTP_PORT"),
        ]
        busy = [
            f"Port {port} for {what} is in use{_holder(port)}. End that program, or set {variable} to a free port."
            for what, port, variable in named
            if not is_free(port)
        ]
        if busy:
            raise PortBusyError("\n".join(busy))


def is_free(port: int) -> bool:
    """Whether a server could listen on this loopback port now."""
    with socket.socket() as probe:
        # As the servers do it: a port whose last connection is only waiting out its time counts as free.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True


def free_port() -> int:
    """Some port that is free now."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


def _port(variable: str) -> int:
    text = value(variable)
    if not text.isdigit() or not 0 < int(text) < 65536:
        raise CartonCapsError(f"{variable} is {text!r}: give a port number between 1 and 65535.")
    return int(text)


def _holder(port: int) -> str:
    try:
        listening = [
            c for c in psutil.net_connections("tcp") if c.status == psutil.CONN_LISTEN and c.laddr.port == port
        ]
    except psutil.AccessDenied:  # macOS shows other people's connections to root only
        return ""
    for connection in listening:
        if connection.pid:
            try:
                return f" by process {connection.pid} ({psutil.Process(connection.pid).name()})"
            except psutil.NoSuchProcess:
                return ""
    return ""
