"""``python3 -m deploy.fresh_machine FOLDER``: does a stranger's clean machine get from the README to live pages?

Makes a clean Debian bookworm root in FOLDER with debootstrap (python3, python3-venv, git, make, nothing else), clones
this repository into it, and follows the command blocks of the README's section "Two commands" literally, in a chroot,
as root. Reports how long each took, in FOLDER/times.txt too. Needs root, the package ``debootstrap``, about 15 GB and
half an hour.

How packages are found is the host's own business: mirror, proxies, certificates and the settings of pip are taken from
the host when it runs, and none of them is written into the repository. The ports of the README must be free.

``--prepare-only`` stops before the first command, ``--only N`` runs one block of them, ``--then COMMAND`` runs another
command behind them (may be repeated), ``--keep`` uses the root that is there.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from include.settings_list import given

PROJECT_ROOT = Path(__file__).resolve().parent.parent
SECTION = "Two commands"
PACKAGES = ("python3", "python3-venv", "git", "make", "ca-certificates")
#: Root's, on the host and in the new machine.
HOME = Path.home()
CLONE = str(HOME / "carton-caps")
#: What of the host says how to reach package indexes; copied where it exists.
HOST_SETTINGS = (
    "/etc/resolv.conf",
    "/etc/hosts",
    "/etc/pip.conf",
    str(HOME / ".config/pip/pip.conf"),
    str(HOME / ".config/uv/uv.toml"),
    "/etc/uv/uv.toml",
    str(HOME / ".netrc"),
    "/etc/ssl/certs",
    "/usr/local/share/ca-certificates",
    "/etc/apt/auth.conf.d",
)
PASSED_ON = re.compile(r"(?i)^(pip_|uv_|(https?|no|all)_proxy$|ssl_cert|requests_ca|curl_ca|carton_)")
LIVE_WITHIN_SECONDS = 20 * 60


class FreshMachineError(Exception):
    """The machine could not be made, or a command of the README did not do what the README says."""


def blocks(readme: str, section: str = SECTION) -> list[list[str]]:
    """The commands of each ``bash`` block of a section, in order.

    Raises:
        FreshMachineError: the section has none; the README has changed.
    """
    found = re.search(rf"^## {re.escape(section)}$(.*?)(?=^## |\Z)", readme, re.MULTILINE | re.DOTALL)
    texts = re.findall(r"^```bash\n(.*?)^```", found[1], re.MULTILINE | re.DOTALL) if found else []
    if not texts:
        raise FreshMachineError(f"README.md has no block of commands in a section “{section}”: name it in SECTION.")
    return [[line for line in text.splitlines() if line.strip()] for text in texts]


def web_app(readme: str) -> str:
    """The address of the web app, as the README's table gives it."""
    found = re.search(r"^\| the web app \| (http://\S+?)/? \|", readme, re.MULTILINE)
    if not found:
        raise FreshMachineError("README.md does not say in its table where the web app is.")
    port = given("CARTON_DASH_PORT")
    return re.sub(r":\d+$", f":{port}", found[1]) if port else found[1]


class Machine:
    """A Debian root in a folder, entered by chroot."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.root = folder / "root"
        self.times: list[tuple[str, float]] = []

    def make(self) -> None:
        """The clean root, by debootstrap from the mirror that the host uses."""
        command = ["debootstrap", "--variant=minbase", f"--include={','.join(PACKAGES)}", "bookworm", str(self.root)]
        self._logged("a clean Debian bookworm", [*command, *_mirror()], "debootstrap.log")

    def take_host_settings(self) -> None:
        """How the host reaches package indexes: files, and folders that its settings of pip name."""
        # Of apt's settings those that say how to fetch: what else a host does with packages is its own.
        fetching = [file for file in Path("/etc/apt/apt.conf.d").glob("*") if "Acquire::" in file.read_text()]
        for source in [*map(Path, HOST_SETTINGS), *fetching]:
            target = self.root / str(source).lstrip("/")
            if source.exists():
                target.parent.mkdir(parents=True, exist_ok=True)
                copy = ["cp", "--archive", "--remove-destination", "--no-target-directory", str(source), str(target)]
                subprocess.run(copy, check=True)

    def clone(self) -> None:
        """This repository at its present commit, cloned by the git of the machine."""
        bundle = self.root / "root" / "repository.bundle"
        subprocess.run(["git", "-C", str(PROJECT_ROOT), "bundle", "create", "--quiet", str(bundle), "HEAD"], check=True)
        shutil.rmtree(self.root / CLONE.lstrip("/"), ignore_errors=True)
        self._logged("clone", self.inside("git clone --quiet repository.bundle carton-caps", "/root"), "clone.log")

    def inside(self, command: str, folder: str = CLONE) -> list[str]:
        """A shell command as it is typed on the machine."""
        passed = [f"{name}={value}" for name, value in os.environ.items() if PASSED_ON.match(name)]
        path = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
        environment = ["env", "-i", "HOME=/root", "USER=root", "TERM=dumb", "LANG=C.UTF-8", path, *passed]
        return [*environment, "chroot", str(self.root), "sh", "-c", f"cd {folder} && {command}"]

    @contextmanager
    def mounted(self) -> Iterator[None]:
        """What the kernel gives every machine, and what the host's settings of pip lead to."""
        places = [Path("/proc"), Path("/sys"), Path("/dev"), Path("/dev/pts"), Path("/dev/shm"), *_local_indexes()]  # noqa: S108
        done: list[Path] = []
        try:
            for place in places:
                target = self.root / str(place).lstrip("/")
                target.mkdir(parents=True, exist_ok=True)
                subprocess.run(["mount", "--bind", str(place), str(target)], check=True)
                done.append(target)
            yield
        finally:
            for target in reversed(done):
                subprocess.run(["umount", "--lazy", str(target)], check=False)

    def follow(self, number: int, command: str, address: str) -> None:
        """One command of the README. ``make run`` stays in the foreground: it is ended once the pages answer.

        Raises:
            FreshMachineError: it failed, or no page answered.
        """
        log = self.folder / f"{number}-{re.sub(r'[^a-z]+', '-', command)}.log"
        if not command.startswith("make run"):
            self._logged(command, self.inside(command), log.name)
            return
        begun = time.monotonic()
        with log.open("w") as output:
            servers = subprocess.Popen(
                self.inside(command), stdout=output, stderr=subprocess.STDOUT, start_new_session=True
            )
        try:
            while not _answers(address):
                if servers.poll() is not None or time.monotonic() - begun > LIVE_WITHIN_SECONDS:
                    raise FreshMachineError(f"{command}: {address} does not answer. What it printed is in {log}.")
                time.sleep(1)
            self._took(f"{command}, until {address} answers", begun)
        finally:
            ended = time.monotonic()
            if servers.poll() is None:
                os.killpg(servers.pid, signal.SIGINT)  # Ctrl-C
            if servers.wait(timeout=180) not in (0, 130, -signal.SIGINT):
                raise FreshMachineError(f"{command} did not end in order after Ctrl-C. What it printed is in {log}.")
        self._took("Ctrl-C, until everything has stopped", ended)

    def _logged(self, what: str, command: list[str], log: str) -> None:
        begun = time.monotonic()
        with (self.folder / log).open("w") as output:
            code = subprocess.run(command, stdout=output, stderr=subprocess.STDOUT, check=False).returncode
        self._took(what if code == 0 else f"{what}: FAILED", begun)
        if code:
            raise FreshMachineError(f"{what} ended with exit code {code}. What it printed is in {self.folder / log}.")

    def _took(self, what: str, begun: float) -> None:
        self.times.append((what, time.monotonic() - begun))
        print(f"{self.times[-1][1]:7.0f} s  {what}", flush=True)
        lines = [f"{seconds:7.0f} s  {name}\n" for name, seconds in self.times]
        (self.folder / "times.txt").write_text("".join(lines))


def main(arguments: list[str] | None = None) -> int:
    """The exit code: 0 when every command did what the README says."""
    parser = argparse.ArgumentParser(prog="python3 -m deploy.fresh_machine", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("folder", type=Path, help="a folder of its own, made when it is not there")
    parser.add_argument("--prepare-only", action="store_true", help="make the machine and clone; run no command")
    parser.add_argument("--only", type=int, metavar="N", help="only the Nth block, counted from 1; 0: none")
    parser.add_argument("--keep", action="store_true", help="use the root that is there; clone anew")
    parser.add_argument("--then", action="append", default=[], metavar="COMMAND", help="another command, in that clone")
    asked = parser.parse_args(arguments)
    readme = (PROJECT_ROOT / "README.md").read_text(encoding="utf-8")
    try:
        numbered = [*enumerate(blocks(readme), 1)]
        if os.geteuid() != 0 or shutil.which("debootstrap") is None:
            raise FreshMachineError("It needs root, and debootstrap: apt-get install debootstrap.")
        machine = Machine(asked.folder.resolve())
        if machine.root.exists() and not asked.keep:
            raise FreshMachineError(f"{machine.root} exists. Remove it (see that nothing is mounted below), or --keep.")
        machine.folder.mkdir(parents=True, exist_ok=True)
        if not machine.root.exists():
            machine.make()
        machine.take_host_settings()
        with machine.mounted():
            machine.clone()
            for number, commands in numbered:
                print(f"block {number}: {'; '.join(commands)}", flush=True)
                for command in commands if not asked.prepare_only and asked.only in (None, number) else ():
                    machine.follow(number, command, web_app(readme))
            for number, command in enumerate([] if asked.prepare_only else asked.then, len(numbered) + 1):
                machine.follow(number, command, web_app(readme))
    except FreshMachineError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    return 0


def _mirror() -> list[str]:
    """The mirror of bookworm that the host's apt uses; debootstrap's own choice when it names none."""
    wanted = ["apt-get", "indextargets", "--format", "$(RELEASE) $(COMPONENT) $(REPO_URI)", "Created-By: Packages"]
    listed = subprocess.run(wanted, capture_output=True, text=True, check=False).stdout
    found = [line.split(" ", 2)[2] for line in listed.splitlines() if line.startswith("bookworm main ")]
    return found[:1]


def _local_indexes() -> list[Path]:
    """Folders of this host that its settings of pip name as indexes."""
    listed = subprocess.run(["pip", "config", "list"], capture_output=True, text=True, check=False).stdout
    listed += " ".join(value for name, value in os.environ.items() if name.startswith(("PIP_", "UV_")))
    named = {Path(path) for path in re.findall(r"(?:file://|(?<=[\s'\"=]))(/[\w./-]+)", f" {listed}")}
    return sorted(path for path in named if path.is_dir() and Path("/etc") not in path.parents)


def _answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(f"{address}/healthz", timeout=5):
            return True
    except OSError:
        return False


if __name__ == "__main__":
    sys.exit(main())
