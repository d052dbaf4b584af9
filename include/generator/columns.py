"""A table of numpy columns that only grows; rows keep their number for good."""

from __future__ import annotations

import numpy as np


class Columns:
    """Columns of equal length, appended to in blocks. Space doubles when it runs out, so growing stays cheap."""

    def __init__(self, **types: str) -> None:
        self._data = {name: np.empty(1024, dtype) for name, dtype in types.items()}
        self._rows = 0

    @property
    def names(self) -> tuple[str, ...]:
        """The columns, in the order given."""
        return tuple(self._data)

    def __len__(self) -> int:
        return self._rows

    def __getitem__(self, name: str) -> np.ndarray:
        """One column, all rows so far; valid until the next append."""
        return self._data[name][: self._rows]

    def append(self, **values: np.ndarray | int) -> None:
        """Add one block; a number stands for every row of it. Raises ValueError unless all columns are given."""
        if values.keys() != self._data.keys():
            raise ValueError(f"columns {sorted(values.keys() ^ self._data.keys())} are missing or unknown")
        rows = self._rows + next(len(value) for value in values.values() if isinstance(value, np.ndarray))
        for name, value in values.items():
            column = self._data[name]
            if rows > len(column):
                self._data[name] = column = np.resize(column, max(rows, 2 * len(column)))
            column[self._rows : rows] = value
        self._rows = rows
