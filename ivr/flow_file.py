"""Reads a flow that people wrote as YAML, and says where it can't be used."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from pydantic import ValidationError

from core.errors import BadInput
from core.yaml_places import YamlPath, line_of, load_with_lines
from ivr.flow import Flow

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
    try:
        data, lines = load_with_lines(text)
    except BadInput as problem:
        raise BadInput(f"{source}, {problem.message}", problem.next_step) from None
    try:
        flow = Flow.model_validate(data)
    except ValidationError as problem:
        wrong = "\n".join(
            f"{source}, line {line_of(lines, error['loc'])}: {'.'.join(map(str, error['loc'])) or 'the file'}: {error['msg']}"
            for error in problem.errors(include_url=False)
        )
        raise BadInput(wrong, "Correct the file and try again.") from None
    return FlowText(flow, text, lines, source)


def read_flow_file(file: Path) -> FlowText:
    """The flow in a file; see read_flow."""
    try:
        return read_flow(file.read_text(encoding="utf-8"), file.name)
    except (OSError, UnicodeDecodeError) as problem:
        raise BadInput(f"{file} can't be read: {problem}.", "Check the file's name; it must be YAML in UTF-8.") from None


@cache
def shipped_flow(name: str = "hotline") -> FlowText:
    """A flow that Halo ships, read once."""
    return read_flow_file(SHIPPED_FOLDER / f"{name}.yaml")


def shipped_flow_names() -> tuple[str, ...]:
    """The flows that Halo ships: each is an entry point of the dialplan."""
    return tuple(sorted(file.stem for file in SHIPPED_FOLDER.glob("*.yaml")))
