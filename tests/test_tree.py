"""What must not stand in any committed file: secrets, places of one machine, hosts of package indexes."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from include.settings import PROJECT_ROOT

FORBIDDEN = {
    "a private key": r"-----BEGIN [A-Z ]*PRIVATE KEY-----",
    "a key of a cloud": r"\b(AKIA|ASIA)[0-9A-Z]{16}\b|\bAIza[0-9A-Za-z_-]{35}\b",
    "a token of a code host": r"\bgh[pousr]_[0-9A-Za-z]{36}\b|\bglpat-[0-9A-Za-z_-]{20}\b",
    "a password in an address": r"\w+://\w+:[^@\s/{$<*'\"]{6,}@[\w-]+\.[\w.-]*[a-z]",
    "a place of one machine": r"(?<![\w.$}])/(home|Users|work|workspace)/\w+/",
    "a host of a package index": r"(index-url|registry)\s*=\s*https?://(?!pypi\.org)",
}


def committed() -> list[Path]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=PROJECT_ROOT, capture_output=True, check=True).stdout
    return [PROJECT_ROOT / name for name in listed.decode().split("\0") if name and "/vendor/" not in name]


def texts() -> dict[str, str]:
    found = {}
    for file in committed():
        if file.is_file() and file != Path(__file__) and b"\0" not in (content := file.read_bytes()):
            found[file.relative_to(PROJECT_ROOT).as_posix()] = content.decode("utf-8", "replace")
    return found


@pytest.mark.parametrize("what", FORBIDDEN)
def test_no_committed_file_holds(what: str):
    files = texts()
    assert len(files) > 500
    assert {name: hit[0] for name, text in files.items() if (hit := re.search(FORBIDDEN[what], text))} == {}


def test_generated_data_is_not_committed():
    endings = {".duckdb", ".parquet", ".sqlite", ".db", ".wal", ".log"}
    assert [file.name for file in committed() if file.suffix in endings] == []
