"""What a caller hears now and then while waiting."""

import math

from ivr.line import Prompt
from ivr.spoken import spoken_number

_LONGEST_TOLD_MIN = 90


def position_prompt(position: int, language: str) -> Prompt:
    """ "You are next", or the place in line; `position` is 1 for the next."""
    if position <= 1:
        return Prompt("waiting_next", language)
    return Prompt("waiting_position", language, {"position": spoken_number(position, language)})


def expected_prompt(expected_s: float, low_s: float, high_s: float, language: str) -> Prompt | None:
    """How long it will be, in whole minutes, as people say it; None when a number would promise too much or too little."""
    about, least, most = (math.ceil(seconds / 60) for seconds in (expected_s, low_s, high_s))
    if most <= 1:
        return Prompt("waiting_soon", language)
    if most > _LONGEST_TOLD_MIN:
        return None
    if most - least <= 1 and about > 1:
        return Prompt("waiting_about", language, {"minutes": spoken_number(about, language)})
    fields = {"least": spoken_number(max(1, least), language), "most": spoken_number(most, language)}
    return Prompt("waiting_between", language, fields)
