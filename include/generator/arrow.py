"""From numpy arrays to Arrow columns, without a loop over rows."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from include.generator.lives import NEVER


def moments(seconds: np.ndarray) -> pa.Array:
    """Seconds since 1970 as timestamps; NEVER becomes null."""
    known = seconds < NEVER
    return pa.array(np.where(known, seconds, 0), mask=~known).cast(pa.timestamp("s"))


def decimals(units: np.ndarray, scale: int) -> pa.Array:
    """Whole numbers of the smallest unit as DECIMAL(12, scale): 379 with scale 2 is 3.79."""
    words = np.empty((len(units), 2), "<i8")
    words[:, 0] = units
    words[:, 1] = words[:, 0] >> 63  # the sign fills the upper half of a 128-bit number
    return pa.Array.from_buffers(pa.decimal128(12, scale), len(units), [None, pa.py_buffer(words)])


def ids(numbers: np.ndarray, known: np.ndarray | None = None) -> pa.Array:
    """Whole numbers; null where ``known`` is false."""
    return pa.array(numbers.astype(np.int64), mask=None if known is None else ~known)


def words(vocabulary: Sequence[str], codes: np.ndarray) -> pa.Array:
    """The word for every code."""
    return pa.array(vocabulary, pa.string()).take(pa.array(codes.astype(np.int64)))


def text(*parts: str | pa.Array | np.ndarray) -> pa.Array:
    """The parts of each row joined; numbers are written out, a null part makes a null."""
    arrays = [pa.scalar(part) if isinstance(part, str) else _written(part) for part in parts]
    return pc.binary_join_element_wise(*arrays, "")


def _written(part: pa.Array | np.ndarray) -> pa.Array:
    column = pa.array(part) if isinstance(part, np.ndarray) else part
    return column if pa.types.is_string(column.type) else pc.cast(column, pa.string())


def constant(value: str, count: int) -> pa.Array:
    """The same text in every row."""
    return pa.repeat(pa.scalar(value, pa.string()), count)
