"""``python3 -m deploy.new_env``: make the file ``.env`` of a team's installation, with secrets that nobody else has.

It is ``.env.example`` with a random value behind every empty secret. Needs nothing but Python itself: it runs on the
host, before there is an image.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from deploy.keys import new_keys, new_secret

PROJECT_ROOT = Path(__file__).resolve().parent.parent
TO_DECIDE = ("CARTON_START_DATE", "CARTON_ALERT_RECIPIENTS")


def new_secrets() -> dict[str, str]:
    """Every secret of ``.env``, new."""
    keys = new_keys()
    return {
        "CARTON_DATABASE_PASSWORD": new_secret(),
        "CARTON_BROKER_PASSWORD": new_secret(),
        "CARTON_JWT_SECRET": keys.jwt_secret,
        "CARTON_API_SECRET_KEY": keys.api_secret_key,
        "CARTON_FERNET_KEY": keys.fernet_key,
        "CARTON_SESSION_KEY": new_secret(),
        "CARTON_ADMIN_PASSWORD": new_secret(),
    }


def filled(template: str, values: dict[str, str]) -> str:
    """The template with a value behind each of these names. Raises KeyError when the template lacks one of them."""
    lines = template.splitlines()
    for name, value in values.items():
        if f"{name}=" not in lines:
            raise KeyError(name)
        lines[lines.index(f"{name}=")] = f"{name}={value}"
    return "\n".join(lines) + "\n"


def main(target: Path = PROJECT_ROOT / ".env") -> int:
    """The exit code; 1 when there is a ``.env`` already, which is left as it is."""
    text = filled((PROJECT_ROOT / ".env.example").read_text(encoding="utf-8"), new_secrets())
    try:
        descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        print(f"{target} exists and holds the secrets of an installation. Move it away first.", file=sys.stderr)
        return 1
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
    print(f"{target} is made, readable for you only. Decide in it: {', '.join(TO_DECIDE)}.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
