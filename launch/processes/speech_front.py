"""Starts a speech front: `python -m launch.processes.speech_front NUMBER`, counted from 1."""

import sys

import uvloop

from core.errors import BadInput
from core.log import configure_logging
from core.settings import load_settings
from cti.speech.front import SpeechFront
from launch.supervision.programs import front_names, speech_names


def main() -> None:
    """Run until told to stop. Raises BadInput for a number that these settings don't have."""
    settings = load_settings()
    names, number = front_names(settings), sys.argv[1] if len(sys.argv) == 2 else ""
    if not number.isdigit() or not 1 <= int(number) <= len(names):
        raise BadInput(f"There is no speech front {number!r}.", f"They are numbered from 1 to {len(names)}.")
    place = int(number) - 1
    configure_logging(names[place])
    recognisers = list(zip(speech_names(settings), settings.speech_ports, strict=True))
    at = place % len(recognisers)  # the fronts don't know of each other's callers, so each begins with another recogniser
    front = SpeechFront(settings.speech_front_ports[place], settings.speech_key, dict(recognisers[at:] + recognisers[:at]))
    uvloop.run(front.run())


if __name__ == "__main__":
    main()
