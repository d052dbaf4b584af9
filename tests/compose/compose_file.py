"""docker-compose.yaml and the Dockerfile, read as Docker would read them."""

from __future__ import annotations

import re
import shlex
from collections.abc import Mapping
from typing import Any

import yaml

from include.settings import PROJECT_ROOT

COMPOSE_FILE = PROJECT_ROOT / "docker-compose.yaml"
DOCKERFILE = PROJECT_ROOT / "Dockerfile"
OUR_IMAGE = "carton-caps-analytics"

# `$$` is a dollar; `${NAME}`, `${NAME:-default}` and `${NAME:?message}` are the variables of `.env`.
VARIABLE = re.compile(r"\$\$|\$\{(?P<name>\w+)(?:(?P<kind>:[-?])(?P<rest>[^}]*))?\}")


class NotSetError(Exception):
    """A variable that the file insists on is not set: Compose would refuse to start."""


def services(variables: Mapping[str, str]) -> dict[str, dict[str, Any]]:
    """Every service by name, with the variables in place."""
    return interpolated(yaml.safe_load(COMPOSE_FILE.read_text()), variables)["services"]


def interpolated(part: Any, variables: Mapping[str, str]) -> Any:
    """A part of the file with the variables in place. Raises NotSetError with the file's own message."""
    if isinstance(part, dict):
        return {key: interpolated(value, variables) for key, value in part.items()}
    if isinstance(part, list):
        return [interpolated(value, variables) for value in part]
    return VARIABLE.sub(lambda found: _value(found, variables), part) if isinstance(part, str) else part


def environment_of_image() -> dict[str, str]:
    """What the Dockerfile's ENV sets."""
    joined = DOCKERFILE.read_text().replace("\\\n", " ")
    lines = [line.removeprefix("ENV ") for line in joined.splitlines() if line.startswith("ENV ")]
    return dict(pair.split("=", 1) for line in lines for pair in shlex.split(line))


def _value(found: re.Match[str], variables: Mapping[str, str]) -> str:
    if found.group() == "$$":
        return "$"
    value = variables.get(found["name"], "")
    if not value and found["kind"] == ":?":
        raise NotSetError(f"{found['name']} {found['rest']}")
    return value or (found["rest"] if found["kind"] == ":-" else "")
