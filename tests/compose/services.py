"""The services of docker-compose.yaml as processes of this machine: their commands, environments, mounts and checks.

Each service sees a root folder of its own, in which its mounts, and only those, lead to the shared volumes. Host names
become the loopback address and ports become free ones. PostgreSQL and Redis come from Debian's packages; Mailpit, which
Debian does not have, is played by the embedded mail sink.
"""

from __future__ import annotations

import os
import pwd
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import psutil

from embedded.places import HOST, free_port
from embedded.processes import end
from include.settings import PROJECT_ROOT
from tests.compose import compose_file, debian
from tests.support.airflow_api import AirflowApi

PORTS = ("5432", "6379", "8080", "8050", "1025")
HEALTHY_WITHIN_SECONDS = 300


class TeamServices(AirflowApi):
    """Every service of the compose file; ``start`` them and, whatever happens, ``stop`` them."""

    def __init__(self, folder: Path, variables: Mapping[str, str]) -> None:
        self.folder = folder
        self.services = compose_file.services(variables)
        self.ports = {port: str(free_port()) for port in PORTS}
        self.processes: dict[str, subprocess.Popen[bytes]] = {}

    @property
    def airflow_address(self) -> str:
        return self.address("8080")

    @property
    def airflow_password(self) -> str:
        return self.services["init"]["environment"]["CARTON_ADMIN_PASSWORD"]

    def server_log(self) -> str:
        return self.log("scheduler")[-3000:]

    def start(self) -> None:
        """Start everything in the order of ``depends_on``, and wait until every health check passes."""
        for name in self.services:
            self._ensure_started(name)
        for name in self.services:
            self._await(name, "service_completed_successfully" if name == "init" else "service_healthy")

    def stop(self) -> None:
        """End everything, the database and the broker last; nothing of it is left running."""
        ours = [name for name in self.processes if self.services[name]["image"] == compose_file.OUR_IMAGE]
        self._end(ours)
        self._end([name for name in self.processes if name not in ours])
        end(self.running())

    def running(self) -> list[psutil.Process]:
        """Processes of the services, tasks and other descendants among them."""
        sessions = {process.pid for process in self.processes.values()}
        return [process for process in psutil.process_iter() if _session(process) in sessions]

    def address(self, port: str) -> str:
        """Where the port of a container is on this machine."""
        return f"{HOST}:{self.ports[port]}"

    def run(self, service: str, *command: str) -> subprocess.CompletedProcess[str]:
        """A command in the environment of a service, as ``docker compose run`` has it."""
        return subprocess.run(
            command, env=self.environment(service), cwd=PROJECT_ROOT, capture_output=True, text=True, check=False
        )

    def root(self, service: str) -> Path:
        """What the service sees as ``/``."""
        return self.folder / "roots" / service

    def log(self, service: str) -> str:
        """What the service has printed."""
        return (self.folder / f"{service}.log").read_text(errors="replace")

    def environment(self, service: str) -> dict[str, str]:
        """The image's environment and the service's; nothing of the caller's."""
        root = self.root(service)
        spec = self.services[service]
        known = compose_file.environment_of_image() if spec["image"] == compose_file.OUR_IMAGE else {}
        given = {name: self._localised_value(value) for name, value in spec.get("environment", {}).items()}
        here = {
            "PATH": os.pathsep.join([str(Path(sys.executable).parent), *debian.paths()]),
            "PYTHONPATH": str(PROJECT_ROOT),
            "HOME": str(root),
        }
        below_root = {name: f"{root}{known[name]}" for name in ("AIRFLOW_HOME", "CARTON_DATA_DIR") if name in known}
        return known | here | below_root | given

    def is_healthy(self, service: str) -> bool:
        """Whether the service's own health check passes now."""
        if service == "mailpit":
            return _accepts_connections(int(self.ports["1025"]))
        kind, *test = self.services[service]["healthcheck"]["test"]
        command = [self._localised_command(word) for word in test]
        return self.run(service, *(["sh", "-c", *command] if kind == "CMD-SHELL" else command)).returncode == 0

    def _ensure_started(self, name: str) -> None:
        if name in self.processes:
            return
        for dependency, condition in self.services[name].get("depends_on", {}).items():
            self._ensure_started(dependency)
            self._await(dependency, condition["condition"])
        self._mount(name)
        command = self._command(name)
        with (self.folder / f"{name}.log").open("w") as log:
            self.processes[name] = subprocess.Popen(
                command,
                env=self.environment(name),
                cwd=self.root(name) / "data" if name == "redis" else PROJECT_ROOT,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                user=_user(self.services[name]),
            )

    def _await(self, name: str, condition: str) -> None:
        process = self.processes[name]
        deadline = time.monotonic() + HEALTHY_WITHIN_SECONDS
        while time.monotonic() < deadline:
            if condition == "service_completed_successfully" and process.poll() is not None:
                assert process.returncode == 0, f"{name} failed:\n{self.log(name)[-3000:]}"
                return
            if condition == "service_healthy":
                assert process.poll() is None, f"{name} ended by itself:\n{self.log(name)[-3000:]}"
                if self.is_healthy(name):
                    return
            time.sleep(0.5)
        raise AssertionError(f"{name} is not {condition} after {HEALTHY_WITHIN_SECONDS} s:\n{self.log(name)[-3000:]}")

    def _end(self, names: list[str]) -> None:
        for name in names:
            # PostgreSQL's fast shutdown is an interrupt; it would wait for its clients otherwise.
            self.processes[name].send_signal(signal.SIGINT if name == "postgres" else signal.SIGTERM)
        deadline = time.monotonic() + 60
        for name in names:
            try:
                self.processes[name].wait(timeout=max(0.0, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                self.processes[name].kill()

    def _mount(self, name: str) -> None:
        root = self.root(name)
        root.mkdir(parents=True)
        for mount in self.services[name].get("volumes", []):
            volume, inside = mount.split(":")[:2]
            (self.folder / "volumes" / volume).mkdir(parents=True, exist_ok=True)
            link = root / inside.lstrip("/")
            link.parent.mkdir(parents=True, exist_ok=True)
            # A volume inside another stands in the other's folder, for every service that has both.
            if not link.is_symlink():
                link.symlink_to(self.folder / "volumes" / volume)
            if user := _user(self.services[name]):
                shutil.chown(self.folder / "volumes" / volume, user)

    def _command(self, name: str) -> list[str]:
        if name == "postgres":
            root, user = self.root(name), _user(self.services[name])
            return debian.postgres(self.environment(name), root, self.ports["5432"], user)
        if name == "mailpit":
            mail = [f"CARTON_DATA_DIR={self.root(name)}", f"CARTON_SMTP_PORT={self.ports['1025']}"]
            return ["env", f"PYTHONPATH={PROJECT_ROOT}", *mail, sys.executable, "-m", "embedded.mail_sink"]
        return [self._localised_command(word) for word in self.services[name]["command"]]

    def _localised(self, text: str) -> str:
        """A text in which ``host:port`` of a service is its address here."""
        hosts = "|".join([*map(re.escape, self.services), r"0\.0\.0\.0", r"127\.0\.0\.1"])
        return re.sub(rf"\b(?:{hosts}):({'|'.join(PORTS)})\b", lambda found: self.address(found.group(1)), text)

    def _localised_value(self, value: str) -> str:
        """The value of a variable, which may be a host or a port alone."""
        return HOST if value in self.services else self.ports.get(value) or self._localised(value)

    def _localised_command(self, text: str) -> str:
        """A part of a command, in which ports stand alone too."""
        text = re.sub(rf"\b({'|'.join(PORTS)})\b", lambda found: self.ports[found.group(1)], self._localised(text))
        return text.replace("0.0.0.0", HOST)


def _user(spec: dict[str, Any]) -> str | None:
    """The user of the service when this machine has it and lets us become it."""
    name = spec.get("user")
    known = {entry.pw_name for entry in pwd.getpwall()}
    return name if os.getuid() == 0 and name in known else None


def _session(process: psutil.Process) -> int | None:
    try:
        return None if process.status() == psutil.STATUS_ZOMBIE else os.getsid(process.pid)
    except (psutil.Error, ProcessLookupError):
        return None


def _accepts_connections(port: int) -> bool:
    with socket.socket() as client:
        return client.connect_ex((HOST, port)) == 0
