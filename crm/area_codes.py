"""The towns of the home country's telephone numbers, by what they begin with.

The library knows the whole world's, which take 100 MB of memory. They are read by a process of their own, once, and only those
of the home country are kept.
"""

import json
import subprocess
import sys
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from core.log import get_log
from crm.phone_numbers import HOME_COUNTRY

_READING_S = 60.0
_ROOT = Path(__file__).parents[1]
log = get_log(__name__)


def get_ready() -> None:
    """Read them now, so that nobody has to wait for it."""
    _towns()


def town_of(e164: str) -> str:
    """The town, or the towns with "/" between them, of a number such as "+62318500123"; "" when none is known."""
    known = _towns()
    return next((known[e164[1:length]] for length in range(len(e164), 1, -1) if e164[1:length] in known), "")


def _towns() -> Mapping[str, str]:
    try:
        return _read_towns()
    except (OSError, subprocess.SubprocessError) as problem:  # who asks next tries again
        log.warning("area_codes_not_read", why=type(problem).__name__)
        return {}


@cache
def _read_towns() -> Mapping[str, str]:
    command = [sys.executable, "-m", "crm.area_codes"]
    done = subprocess.run(command, cwd=_ROOT, capture_output=True, check=True, timeout=_READING_S, text=True)
    towns: dict[str, str] = json.loads(done.stdout)
    return towns


def _print_towns() -> None:
    import phonenumbers
    from phonenumbers.geodata import GEOCODE_DATA

    code = str(phonenumbers.country_code_for_region(HOME_COUNTRY))
    json.dump(
        {prefix: names["en"] for prefix, names in GEOCODE_DATA.items() if prefix.startswith(code) and "en" in names}, sys.stdout
    )


if __name__ == "__main__":
    _print_towns()
