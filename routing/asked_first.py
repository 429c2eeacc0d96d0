"""Who is asked alone before anybody else: to whom they are handed over, their own agent, or who spoke with them last."""

from collections.abc import Container, Iterable
from enum import StrEnum
from typing import NamedTuple

from pydantic import BaseModel, Field

from routing.needs_form import FORM

_LONGEST_WAIT_S = 3600


class LastAgent(BaseModel):
    """Who spoke with an agent within so many hours is offered to that agent alone for the first `wait_s` of waiting."""

    model_config = FORM

    within_h: float = Field(gt=0, le=720)
    wait_s: float = Field(gt=0, le=_LONGEST_WAIT_S)


class NamedAgent(BaseModel):
    """A customer who has an agent of their own is offered to that agent alone for the first `wait_s` of waiting."""

    model_config = FORM

    wait_s: float = Field(gt=0, le=_LONGEST_WAIT_S)


class AskedAs(StrEnum):
    """Why an agent is asked alone."""

    NAMED = "named_agent"  # the customer's own
    HANDED_OVER = "handed_over"  # to whom another agent hands the caller over
    LAST = "last_agent"  # who spoke with them last


class AskedFirst(NamedTuple):
    """For the first `wait_s` of waiting this agent alone is asked."""

    agent_id: str
    wait_s: float
    asked_as: AskedAs


def asked_as_in(asked: Iterable[AskedFirst], agent_id: str) -> AskedAs | None:
    """Why this agent was asked alone; None when they were not, or were asked for by a policy that is no more in force."""
    return next((each.asked_as for each in asked if each.agent_id == agent_id), None)


def first_of(asked: Iterable[AskedFirst], there: Container[str]) -> AskedFirst | None:
    """The first of them who is there; None when nobody is."""
    return next((each for each in asked if each.agent_id in there), None)
