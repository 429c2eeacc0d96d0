"""Texts of policies: the one in force, earlier ones, and what is wrong with one that a page sends."""

import threading
from dataclasses import dataclass
from functools import lru_cache

from sqlalchemy.orm import Session

from agent_desktop.sent_text import unwritable_line
from agent_desktop.services import services
from core.errors import BadInput
from core.problem import Problem
from routing.policy_check import policy_problems
from routing.policy_file import PolicyText, read_or_tell, shipped_policy
from routing.policy_versions import PolicyPublication, in_force, policy_of

SHIPPED = 0  # the number of the policy that Halo ships
_SOURCE = "policy"
_checking = threading.Lock()  # one check at a time: agents' pages come from this process too


@dataclass(frozen=True, slots=True)
class NumberedText:
    """A policy's text by its number; `publication` is None for the one that Halo ships."""

    number: int
    text: str
    publication: PolicyPublication | None


def text_in_force(session: Session) -> NumberedText:
    """The text in force."""
    found = in_force(session)
    return NumberedText(found.number, found.content, found) if found else NumberedText(SHIPPED, shipped_policy().text, None)


def text_numbered(session: Session, number: int) -> NumberedText:
    """The text of this number. Raises NotFound."""
    if number == SHIPPED:
        return NumberedText(SHIPPED, shipped_policy().text, None)
    found = policy_of(session, number)
    return NumberedText(number, found.content, found)


def number_asked(text: str) -> int:
    """The number of a policy in an address. Raises BadInput."""
    if not (text.isascii() and text.isdigit() and len(text) < 9):
        raise BadInput("That is no version.", "Choose one on the page.")
    return int(text)


def read(text: str) -> PolicyText | tuple[Problem, ...]:
    """The policy of a text, else why it is none; the texts seen last are not read again."""
    line = unwritable_line(text)
    if line:
        step = "Take it out, or type the line again."
        return (Problem(f"{_SOURCE}, line {line}", "There is a sign here that no text may hold.", step),)
    with _checking:
        return _read(text)


def problems_of(found: PolicyText | tuple[Problem, ...]) -> list[Problem]:
    """What `./halo routing check` says of it."""
    if not isinstance(found, PolicyText):
        return list(found)
    return policy_problems(found, services().policy_press.surroundings())


@lru_cache(maxsize=16)
def _read(text: str) -> PolicyText | tuple[Problem, ...]:
    found = read_or_tell(text, _SOURCE)
    return found if isinstance(found, PolicyText) else tuple(found)
