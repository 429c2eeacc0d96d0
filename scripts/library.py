"""The library of scripts: one file per queue, read and checked as a whole before any call uses it."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import yaml
from pydantic import ValidationError

from core.errors import BadInput
from scripts.checks import script_problems
from scripts.model import Script

SHIPPED_FOLDER = Path(__file__).with_name("library")
GENERAL = "general"


@dataclass(frozen=True, slots=True)
class Library:
    """Every script by its queue. There is always one for the queue "general"."""

    scripts: Mapping[str, Script]

    def for_queue(self, queue: str) -> Script:
        """The script of this queue; the general one for a queue that has none."""
        return self.scripts.get(queue) or self.scripts[GENERAL]


def load_library(folder: Path = SHIPPED_FOLDER) -> Library:
    """Read and check every *.yaml in `folder`.

    Raises BadInput that names every problem at once: file, place in it and what is wrong.
    """
    scripts: dict[str, Script] = {}
    problems: list[str] = []
    for file in sorted(folder.glob("*.yaml")):
        script, wrong = read_script(file)
        problems += [f"{file.name}: {problem}" for problem in wrong]
        if script is not None and script.queue in scripts:
            problems.append(f"{file.name}: queue {script.queue} has a script already")
        elif script is not None:
            scripts[script.queue] = script
    if GENERAL not in scripts and not problems:
        problems.append(f"no script for the queue {GENERAL}, which stands in for every queue without one")
    if problems:
        raise BadInput(f"Scripts in {folder} can't be used: {'; '.join(problems)}.", "Correct these places and try again.")
    return Library(scripts)


def read_script(file: Path) -> tuple[Script | None, list[str]]:
    """The script in a file, and everything wrong with it; None when it can't even be read."""
    try:
        script = Script.model_validate(yaml.safe_load(file.read_text(encoding="utf-8")))
    except ValidationError as problem:
        return None, [f"{'.'.join(map(str, error['loc'])) or 'the file'}: {error['msg']}" for error in problem.errors()]
    except (yaml.YAMLError, UnicodeDecodeError) as problem:
        return None, [f"not valid YAML in UTF-8: {problem}"]
    return script, script_problems(script)
