"""The keys that one installation of Airflow signs and encrypts with. Needs nothing but Python itself."""

from __future__ import annotations

import base64
import secrets
from dataclasses import dataclass


@dataclass(frozen=True)
class Keys:
    """What every server of one installation must have alike."""

    fernet_key: str  # encrypts connections and variables in the database
    jwt_secret: str  # signs the tokens of people and of tasks
    api_secret_key: str  # signs the session of the web pages


def new_keys() -> Keys:
    """Keys that no other installation has."""
    fernet_key = base64.urlsafe_b64encode(secrets.token_bytes(32)).decode()
    return Keys(fernet_key=fernet_key, jwt_secret=new_secret(), api_secret_key=new_secret())


def new_secret() -> str:
    """48 random bytes as letters, digits, ``-`` and ``_``: safe in an address, a file and a shell."""
    return secrets.token_urlsafe(48)
