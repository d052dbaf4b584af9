"""A look at a CSV file's bytes: is it UTF-8, and is it plain enough for the fast reader to read it exactly?

Plain means: every quote opens or closes a field as RFC 4180 says, one record a line, no blank line, no lone carriage
return. For such a file any correct reader gives the same rows, and a record's line is its number.
"""

from __future__ import annotations

import codecs
import csv
from dataclasses import dataclass
from typing import IO

import numpy as np

from include.ingest.errors import FileRefused

_BLOCK = 8 << 20
_COMMA, _QUOTE, _NEWLINE, _RETURN = b',"\n\r'


@dataclass(frozen=True)
class CsvShape:
    """``header`` is the first record's fields and ``lines`` the number of physical lines, both of a plain file only."""

    header: list[str] | None
    is_plain: bool
    lines: int


def scan(stream: IO[bytes]) -> CsvShape:
    """Read the whole stream once. Raises FileRefused when it is not UTF-8 or has no header row."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    rest, lines, is_plain = b"", 0, True
    first_line: bytes | None = None
    while True:
        block = stream.read(_BLOCK)
        try:
            decoder.decode(block, final=not block)
        except UnicodeDecodeError as error:
            raise FileRefused("not UTF-8; deliver the file in UTF-8") from error
        if is_plain:
            text = rest + block
            end = text.rfind(b"\n") + 1 if block else len(text)
            complete, rest = text[:end], text[end:]
            if first_line is None:
                complete = complete.removeprefix(codecs.BOM_UTF8)
            if complete:
                if first_line is None:
                    first_line = complete.split(b"\n", 1)[0]
                is_plain, block_lines = _plain_lines(complete)
                lines += block_lines
        if not block:
            break
    if first_line is None:
        raise FileRefused("empty, without even a header row")
    if not is_plain:
        return CsvShape(None, False, 0)
    return CsvShape(next(csv.reader([first_line.decode().rstrip("\r")])), True, lines)


def _plain_lines(text: bytes) -> tuple[bool, int]:
    """Whether these whole lines are plain, and how many they are."""
    buffer = np.frombuffer(text, np.uint8)
    newlines = np.flatnonzero(buffer == _NEWLINE)
    count = len(newlines) + (buffer[-1] != _NEWLINE)
    returns = np.flatnonzero(buffer == _RETURN)
    if len(returns) and (returns[-1] + 1 == len(buffer) or (buffer[returns + 1] != _NEWLINE).any()):
        return False, 0
    starts = np.concatenate([[0], newlines[:-1] + 1]) if len(newlines) else newlines
    if (newlines == starts).any() or ((newlines - starts == 1) & (buffer[starts] == _RETURN)).any():
        return False, 0
    if (buffer == 0).any():
        return False, 0
    quotes = np.flatnonzero(buffer == _QUOTE)
    if not len(quotes):
        return True, count
    if len(quotes) % 2 or (np.searchsorted(quotes, newlines) % 2).any():
        return False, 0
    padded = np.concatenate([[_NEWLINE], buffer, [_NEWLINE]]).astype(np.uint8)
    before_opening, after_closing = padded[quotes[0::2]], padded[quotes[1::2] + 2]
    opens_well = np.isin(before_opening, [_COMMA, _NEWLINE, _QUOTE])
    closes_well = np.isin(after_closing, [_COMMA, _NEWLINE, _RETURN, _QUOTE])
    return bool(opens_well.all() and closes_well.all()), count
