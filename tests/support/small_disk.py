"""A disk with room, then without, then with room again: a small tmpfs of its own where this process may mount one."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from include import disk

SIZE_MIB = 160


class SmallDisk:
    """A folder on a disk that a test fills up and empties again."""

    def __init__(self, folder: Path, is_mounted: bool, patch: pytest.MonkeyPatch) -> None:
        self.folder = folder
        self._is_mounted = is_mounted
        self._patch = patch
        self._reserve = disk.RESERVE

    def fill(self) -> None:
        """Leave less than the reserve free. Without a disk of our own: ask for a reserve that no disk has."""
        if self._is_mounted:
            (self.folder / "ballast").write_bytes(b"\0" * (SIZE_MIB * 2**20 - self._reserve))
        else:
            self._patch.setattr(disk, "RESERVE", 2**60)

    def empty(self) -> None:
        """Give the room back."""
        (self.folder / "ballast").unlink(missing_ok=True)
        self._patch.setattr(disk, "RESERVE", self._reserve)


@contextmanager
def small_disk(folder: Path) -> Iterator[SmallDisk]:
    """Mount a tmpfs at ``folder`` and unmount it at the end; only root may, and not in every container."""
    folder.mkdir(parents=True)
    mount = ["mount", "-t", "tmpfs", "-o", f"size={SIZE_MIB}m", "tmpfs", str(folder)]
    is_mounted = os.geteuid() == 0 and subprocess.run(mount, capture_output=True, check=False).returncode == 0
    try:
        with pytest.MonkeyPatch.context() as patch:
            yield SmallDisk(folder, is_mounted, patch)
    finally:
        if is_mounted:
            subprocess.run(["umount", str(folder)], check=True)
