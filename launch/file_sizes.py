"""No source file of ours may grow past what one can hold in mind."""

from collections.abc import Iterator
from pathlib import Path

MOST_LINES = 400
_SUFFIXES = frozenset({".py", ".ts", ".js", ".mjs", ".css", ".html", ".lua", ".j2", ".sh"})
_NOT_OURS = frozenset({"node_modules", "dist", "__pycache__", "versions"})  # versions: Alembic's generated revisions


def too_long(root: Path, most: int = MOST_LINES) -> Iterator[tuple[Path, int]]:
    """Every source file with more than `most` lines, with how many it has."""
    for file in sorted(root.rglob("*")):
        folders = file.relative_to(root).parts[:-1]
        ours = not any(folder in _NOT_OURS or folder == "var" or folder.startswith(".") for folder in folders)
        if ours and file.suffix in _SUFFIXES and file.is_file():
            lines = file.read_bytes().count(b"\n")
            if lines > most:
                yield file, lines
