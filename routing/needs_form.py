"""Needs as people write them in YAML: a skill, all of several, any of several, or so many of several."""

from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from routing.needs import BEST, LOWEST, Needs, Skill, all_of, any_of, some_of

FORM = ConfigDict(frozen=True, extra="forbid")
Name = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_-]{0,39}$")]
Proficiency = Annotated[int, Field(ge=LOWEST, le=BEST, strict=True)]
MOST_PARTS = 20


class NeedForm(BaseModel):
    """One of `skill` (with `at_least`), `all_of`, `any_of`, and `some_of` (with `count`)."""

    model_config = FORM

    skill: Name | None = None
    at_least: Proficiency | None = None
    all_of: Annotated[tuple["NeedForm", ...], Field(min_length=1, max_length=MOST_PARTS)] | None = None
    any_of: Annotated[tuple["NeedForm", ...], Field(min_length=2, max_length=MOST_PARTS)] | None = None
    some_of: Annotated[tuple["NeedForm", ...], Field(min_length=2, max_length=MOST_PARTS)] | None = None
    count: Annotated[int, Field(ge=1, strict=True)] | None = None

    @model_validator(mode="after")
    def _is_one_thing(self) -> Self:
        kinds = [kind for kind in (self.skill, self.all_of, self.any_of, self.some_of) if kind is not None]
        if len(kinds) != 1:
            raise ValueError("one of four")
        if self.at_least is not None and self.skill is None:
            raise ValueError("at_least without skill")
        if (self.count is None) != (self.some_of is None) or (self.some_of and self.count and self.count > len(self.some_of)):
            raise ValueError("count of some_of")
        return self

    def needs(self) -> Needs:
        """What is needed."""
        if self.skill is not None:
            return Skill(self.skill, self.at_least or LOWEST)
        if self.any_of is not None:
            return any_of([part.needs() for part in self.any_of])
        if self.some_of is not None and self.count is not None:
            return some_of(self.count, [part.needs() for part in self.some_of])
        return all_of([part.needs() for part in self.all_of or ()])
