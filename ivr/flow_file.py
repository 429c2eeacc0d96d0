"""Reads a flow that people wrote as YAML, and says where it can't be used."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from core.problem import Faults, Problem
from core.written_file import read_written
from core.yaml_places import YamlPath, line_of
from ivr.flow import Flow
from ivr.flow_form import LONGEST_FLOW, read_flow_form

SHIPPED_FOLDER = Path(__file__).with_name("flows")


@dataclass(frozen=True, slots=True)
class FlowText:
    """A flow with its text and the line on which each part of it stands. `source` names where it comes from."""

    flow: Flow
    text: str
    lines: Mapping[YamlPath, int]
    source: str

    def place(self, *path: str | int) -> str:
        """The place of a part as people find it: "hotline.yaml, line 12"."""
        return f"{self.source}, line {line_of(self.lines, path)}"


def read_flow(text: str, source: str) -> FlowText:
    """The flow of a YAML text. Raises BadInput that names every part that does not fit, with its line."""
    found = read_or_tell(text, source)
    if isinstance(found, FlowText):
        return found
    raise Faults(found, "Correct the file and try again.")


def read_or_tell(text: str, source: str) -> FlowText | list[Problem]:
    """The flow of a YAML text, or everything that keeps it from being one, in the order of its lines."""
    flow, lines, problems = read_flow_form(text, source)
    return problems if flow is None else FlowText(flow, text, lines, source)


def read_flow_file(file: Path) -> FlowText:
    """The flow in a file of at most LONGEST_FLOW letters; see read_flow."""
    return read_flow(read_written(file, LONGEST_FLOW), file.name)


@cache
def shipped_flow(name: str = "hotline") -> FlowText:
    """A flow that Halo ships, read once."""
    return read_flow_file(SHIPPED_FOLDER / f"{name}.yaml")


def shipped_flow_names() -> tuple[str, ...]:
    """The flows that Halo ships: each is an entry point of the dialplan."""
    return tuple(sorted(file.stem for file in SHIPPED_FOLDER.glob("*.yaml")))
