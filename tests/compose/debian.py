"""PostgreSQL and Redis from Debian's packages, in place of their images."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest

from embedded.places import HOST


def install_servers() -> None:
    """Install PostgreSQL and Redis from Debian when they are missing; without root, fail naming the packages."""
    packages = {"postgresql": "initdb", "redis-server": "redis-server"}
    path = os.pathsep.join(paths())
    missing = [package for package, program in packages.items() if not shutil.which(program, path=path)]
    if not missing:
        return
    if os.getuid() != 0 or not shutil.which("apt-get"):
        pytest.fail(f"Install Debian's packages {' and '.join(missing)}: this test runs their servers.")
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    subprocess.run(["apt-get", "update", "-qq"], env=environment, check=True)
    install = ["apt-get", "install", "-y", "-qq", "--no-install-recommends", *missing]
    # In run level 1 Debian starts no service after an installation: ours must not find its ports taken.
    subprocess.run(install, env=environment | {"RUNLEVEL": "1"}, check=True, stdout=subprocess.DEVNULL)


def paths() -> list[str]:
    """Where programs are; Debian keeps the servers of PostgreSQL, one folder a version, off the PATH."""
    newest = sorted(map(str, Path("/usr/lib/postgresql").glob("*/bin")))[-1:]
    return [*newest, "/usr/local/bin", "/usr/bin", "/bin"]


def postgres(environment: Mapping[str, str], root: Path, port: str, user: str | None) -> list[str]:
    """What the image does: make the cluster with user, password and database of its environment; the serving command.

    ``root`` is what the container sees as ``/``; ``user`` is who serves, since PostgreSQL refuses to do it as root.
    """
    data, password = (root / "var/lib/postgresql/data").resolve(), root / "password"
    password.write_text(environment["POSTGRES_PASSWORD"])
    if user:
        shutil.chown(password, user)
        shutil.chown(root, user)
    cluster = ["-D", str(data), "-U", environment["POSTGRES_USER"], "--pwfile", str(password)]
    _run(["initdb", *cluster, "-A", "scram-sha-256", "-E", "UTF8", "--no-sync"], environment, data, user)
    create = f"create database {environment['POSTGRES_DB']}"
    _run(["postgres", "--single", "-D", str(data), "postgres"], environment, data, user, create)
    listen = ["-c", f"listen_addresses={HOST}", "-c", f"unix_socket_directories={root}"]
    return ["postgres", "-D", str(data), "-p", port, *listen]


def _run(command: list[str], environment: Mapping[str, str], folder: Path, user: str | None, given: str = "") -> None:
    run = subprocess.run(
        command, env=environment, cwd=folder, user=user, input=given, capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stderr
