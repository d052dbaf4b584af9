"""A table of figures, for the terminal and for ``docs/benchmarks.md``."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass
class Table:
    """What one part of the benchmark has measured: the first column says what, the others are figures, as text."""

    name: str
    """The part's name on the command line."""
    title: str
    head: tuple[str, ...]
    rows: list[tuple[str, ...]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def add(self, *cells: str) -> None:
        """Append a row, and show it: a part may take minutes."""
        self.rows.append(cells)
        print(f"{cells[0]:<40}" + "".join(f"{cell:>16}" for cell in cells[1:]), flush=True)

    def begin(self) -> Table:
        """Show the title and the head."""
        print(f"\n{self.title}\n{self.head[0]:<40}" + "".join(f"{cell:>16}" for cell in self.head[1:]), flush=True)
        return self

    def note(self, text: str) -> None:
        """A sentence below the table: a figure to reach and what it came to, or how to read a column."""
        self.notes.append(text)
        print(text, flush=True)

    def markdown(self) -> str:
        """The title, the table and its notes."""
        lines = [f"## {self.title}", "", _row(self.head), "|---|" + "---:|" * (len(self.head) - 1)]
        lines += [_row(row) for row in self.rows]
        return "\n".join([*lines, "", *(f"- {note}" for note in self.notes)])


def _row(cells: tuple[str, ...]) -> str:
    return f"| {' | '.join(cells)} |"
