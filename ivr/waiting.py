"""What a caller hears now and then while waiting."""

from ivr.line import Prompt
from ivr.spoken import spoken_number


def position_prompt(position: int, language: str) -> Prompt:
    """ "You are next", or the place in line; `position` is 1 for the next."""
    if position <= 1:
        return Prompt("waiting_next", language)
    return Prompt("waiting_position", language, {"position": spoken_number(position, language)})
