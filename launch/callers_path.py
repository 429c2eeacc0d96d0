"""Files and folders as whoever types a command means them: ./halo changes into the project's folder before Python starts."""

import os
from pathlib import Path
from typing import Any

import click


def from_callers_folder(file: Path) -> Path:
    """The path, seen from the folder in which the command was typed."""
    return Path(os.environ.get("HALO_CALLED_FROM") or ".") / file


class CallersPath(click.Path):
    """An argument that is a path, seen from the folder in which the command was typed."""

    def __init__(self) -> None:
        super().__init__(path_type=Path)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """As click calls it."""
        return from_callers_folder(Path(os.fsdecode(super().convert(value, param, ctx))))


CALLERS_PATH = CallersPath()
