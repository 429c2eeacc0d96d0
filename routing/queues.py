"""Queues: named waiting lines with a service target, read from queues.yaml."""

from collections.abc import Mapping
from pathlib import Path
from typing import Self

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from core.errors import BadInput
from routing.balance import Balance
from routing.skills import SkillRequirement

SHIPPED_FILE = Path(__file__).with_name("queues.yaml")


class Queue(BaseModel):
    """One queue. `service_target` is the share (0 to 1) to be answered within `answer_within_s`; `balance` says which of several
    able agents gets a call."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str = Field(pattern=r"^[a-z][a-z0-9_-]{0,39}$")
    label: dict[str, str]
    requires: tuple[SkillRequirement, ...] = ()
    answer_within_s: float = Field(gt=0)
    service_target: float = Field(gt=0, le=1)
    short_abandon_s: float = Field(ge=0)
    balance: Balance = Balance.LONGEST_IDLE

    def label_in(self, language: str) -> str:
        """The queue's name as people of this language read it."""
        return self.label.get(language) or self.label["en"]


class Queues(BaseModel):
    """All queues, and what a caller's language adds to the requirements of any of them."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    queues: tuple[Queue, ...] = Field(min_length=1)
    fallback: str
    languages: Mapping[str, tuple[SkillRequirement, ...]] = {}

    @model_validator(mode="after")
    def _fallback_exists(self) -> Self:
        if self.fallback not in [queue.name for queue in self.queues]:
            raise ValueError(f"fallback names {self.fallback!r}, which is no queue; use one of those above")
        return self

    def get(self, name: str) -> Queue:
        """The queue of this name. Raises BadInput when there is none."""
        for queue in self.queues:
            if queue.name == name:
                return queue
        names = ", ".join(queue.name for queue in self.queues)
        raise BadInput(f"There is no queue {name!r}.", f"Use one of: {names}.")

    def balance(self, queue: str) -> Balance:
        """How this queue shares out its calls; one that is no more as every queue that says nothing of it."""
        return next((each.balance for each in self.queues if each.name == queue), Balance.LONGEST_IDLE)

    def requirements(self, queue: str, language: str) -> tuple[SkillRequirement, ...]:
        """What an agent needs for a caller of this language in this queue."""
        return (*self.get(queue).requires, *self.languages.get(language, ()))


def load_queues(file: Path = SHIPPED_FILE) -> Queues:
    """Read and check the queues. Raises BadInput that names the file, the place in it and what is wrong."""
    try:
        return Queues.model_validate(yaml.safe_load(file.read_text(encoding="utf-8")))
    except ValidationError as problem:
        wrong = "; ".join(f"{'.'.join(map(str, error['loc']))}: {error['msg']}" for error in problem.errors())
        raise BadInput(f"{file}: {wrong}.", "Correct the file and try again.") from None
    except yaml.YAMLError as problem:
        raise BadInput(f"{file} is not valid YAML: {problem}.", "Correct the file and try again.") from None
