"""What a benchmark found: tables and remarks, printed and written as Markdown and JSON with the machine they hold for."""

import json
import shlex
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

from benchmarks.figures import ms_text, spread
from benchmarks.machine import Machine

SPREAD_COLUMNS = ("what", "times", "p50 ms", "p95 ms", "max ms")


@dataclass
class Table:
    """Rows of text under a title."""

    title: str
    columns: Sequence[str]
    rows: list[list[str]] = field(default_factory=list)

    def add(self, *cells: object) -> None:
        """One row more."""
        self.rows.append([str(cell) for cell in cells])

    def to_markdown(self) -> str:
        """As a Markdown table whose source is aligned, so that it reads well in a terminal too."""
        rows = [list(self.columns), *self.rows]
        widths = [max(3, *(len(row[place]) for row in rows)) for place in range(len(self.columns))]
        lines = [_line(row, widths) for row in rows]
        rule = _line(["-" * widths[0], *("-" * (width - 1) + ":" for width in widths[1:])], widths)
        return "\n".join([f"**{self.title}**", "", lines[0], rule, *lines[1:], ""])


@dataclass
class Report:
    """One benchmark's result. `figures` holds the bare numbers for other programs; `remarks` what a reader must know."""

    name: str
    title: str
    command: Sequence[str]
    tables: list[Table] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    figures: dict[str, object] = field(default_factory=dict)

    def table(self, title: str, *columns: str) -> Table:
        """Begin a table."""
        made = Table(title, columns)
        self.tables.append(made)
        return made

    def spread_row(self, table: Table, what: str, times_ms: Sequence[float]) -> None:
        """A row with SPREAD_COLUMNS; times that were never taken are shown as missing, not as zero."""
        if not times_ms:
            table.add(what, 0, "–", "–", "–")
            return
        found = spread(times_ms)
        table.add(what, found.count, ms_text(found.p50_ms), ms_text(found.p95_ms), ms_text(found.max_ms))
        self.figures[f"{table.title}: {what}"] = asdict(found)

    def to_markdown(self, machine: Machine) -> str:
        """The whole report."""
        facts = [f"- {name}: {value}" for name, value in machine.rows()]
        again = f"- again: `{shlex.join(self.command)}`"
        parts = [f"# {self.title}", "\n".join([*facts, again]), *(table.to_markdown() for table in self.tables)]
        if self.remarks:
            parts.append("\n".join(f"- {remark}" for remark in self.remarks))
        return "\n\n".join(part.rstrip() for part in parts) + "\n"

    def write(self, folder: Path, machine: Machine) -> list[Path]:
        """Write NAME.md and NAME.json into `folder`; returns the files."""
        folder.mkdir(parents=True, exist_ok=True)
        markdown, data = folder / f"{self.name}.md", folder / f"{self.name}.json"
        markdown.write_text(self.to_markdown(machine), encoding="utf-8")
        body = {"machine": dict(machine.rows())} | asdict(self)
        data.write_text(json.dumps(body, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
        return [markdown, data]


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    first, *others = (
        cell.ljust(width) if place == 0 else cell.rjust(width)
        for place, (cell, width) in enumerate(zip(cells, widths, strict=True))
    )
    return "| " + " | ".join([first, *others]) + " |"
