"""A caller's place in line as a variable of their channel, where it outlives us."""

import base64
import zlib
from dataclasses import replace

from routing.place import Place

LONGEST_VARIABLE = 511  # characters that Asterisk tells of a variable with the status of a channel


def place_to_variable(place: Place) -> str:
    """A place as the value of a channel variable: letters and digits only, so that nothing in it needs quoting.

    Asterisk tells no more of a variable than LONGEST_VARIABLE: the first steps of a very long way through the menus are left out.
    """
    value = base64.urlsafe_b64encode(zlib.compress(place.to_json().encode(), 9)).decode()
    if len(value) > LONGEST_VARIABLE and place.ivr_path:
        return place_to_variable(replace(place, ivr_path=place.ivr_path[1:]))
    return value


def place_from_variable(value: str) -> Place | None:
    """The place that a channel carries; None when it carries none."""
    try:
        return Place.from_json(zlib.decompress(base64.urlsafe_b64decode(value.encode())).decode())
    except (ValueError, zlib.error):
        return None
