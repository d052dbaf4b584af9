"""City, state and zip out of an address line."""

from __future__ import annotations

import re
from typing import NamedTuple

# "<street>, <city>, <ST> <zip>" and, for military post, "PSC 9954, Box 6655, APO AE 70058".
MILITARY = re.compile(r"^.*\b(?P<city>APO|FPO|DPO),?\s+(?P<state>A[AEP])\s+(?P<zip_code>\d{5}(?:-\d{4})?)\s*$")
CIVIL = re.compile(r"^.*,\s*(?P<city>[^,]*[^,\s])\s*,\s*(?P<state>[A-Z]{2})\s+(?P<zip_code>\d{5}(?:-\d{4})?)\s*$")


class Place(NamedTuple):
    """The end of an address; empty text where the address does not tell."""

    city: str
    state: str
    zip_code: str


def parse_address(address: str | None) -> Place | None:
    """City, two-letter state and zip of a US address in one line; None when the line does not end like one."""
    flat = " ".join((address or "").split())
    match = MILITARY.match(flat) or CIVIL.match(flat)
    return Place(match["city"], match["state"], match["zip_code"]) if match else None
