"""Who gets which mail: groups of people, and which group a finding is for."""

from __future__ import annotations

import logging
from fnmatch import fnmatchcase

from email_validator import EmailNotValidError, validate_email

from include.errors import CartonCapsError
from include.settings_list import default, value

log = logging.getLogger("carton_caps")

EVERYBODY = "CARTON_ALERT_RECIPIENTS"

#: Each group and the variable with its own addresses; without them it is CARTON_ALERT_RECIPIENTS.
GROUPS = {
    "oncall": "CARTON_ALERT_RECIPIENTS_ONCALL",
    "finance": "CARTON_ALERT_RECIPIENTS_FINANCE",
    "trust": "CARTON_ALERT_RECIPIENTS_TRUST",
}

#: Which groups read about a finding, by its key; the first line that fits holds. Whoever is on call reads everything.
ROUTES: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("*reward*", ("oncall", "finance", "trust")),
    ("*liability*", ("oncall", "finance")),
    ("*spend*", ("oncall", "finance")),
    ("*fraud*", ("oncall", "trust")),
    ("*trust*", ("oncall", "trust")),
    ("*", ("oncall",)),
)


class RecipientsError(CartonCapsError):
    """There is nobody to mail to."""


def recipients(group: str = "oncall") -> tuple[str, ...]:
    """The addresses of a group, comma-separated in its variable; an address that cannot be one is logged and left out.

    Raises RecipientsError when that leaves nobody.
    """
    variable = GROUPS[group]
    if not value(variable).strip():
        variable = EVERYBODY
    listed = value(variable).strip() or default(variable)
    valid: list[str] = []
    for address in (part.strip() for part in listed.split(",")):
        if not address:
            continue
        try:
            # An address of the own network, such as root@localhost, is as good as any other here.
            checked = validate_email(address, check_deliverability=False, globally_deliverable=False)
        except EmailNotValidError as error:
            log.error("%s names %r, which is no e-mail address: %s It gets no mail.", variable, address, error)
            continue
        if checked.normalized not in valid:
            valid.append(checked.normalized)
    if not valid:
        raise RecipientsError(f"{variable} is {listed!r} and names no e-mail address. List some, comma-separated.")
    return tuple(valid)


def groups_for(key: str) -> tuple[str, ...]:
    """The groups that read about the finding ``key``."""
    return next(groups for pattern, groups in ROUTES if fnmatchcase(key, pattern))


def readers(key: str) -> tuple[str, ...]:
    """The addresses that read about the finding ``key``, each once."""
    return tuple(dict.fromkeys(address for group in groups_for(key) for address in recipients(group)))
