"""Starts a recogniser: `python -m launch.processes.speech NUMBER`, counted from 1."""

import os
import sys

import uvloop

from core.errors import BadInput
from core.log import configure_logging
from core.settings import load_settings
from cti.speech.server import SpeechServer
from ivr.speech.installed_models import STATIC, models_in_use
from ivr.speech.vosk_recognizer import LargerModel, VoskRecognizer
from launch.supervision.programs import speech_names

# Where there is not enough for all, the call itself comes first: whoever is not understood in time still has the keys.
_NICENESS = 5


def main() -> None:
    """Run until told to stop. Raises BadInput for a number that these settings don't have."""
    settings = load_settings()
    number = sys.argv[1] if len(sys.argv) == 2 else ""
    if not number.isdigit() or not 1 <= int(number) <= settings.speech_processes:
        raise BadInput(f"There is no recogniser {number!r}.", f"They are numbered from 1 to {settings.speech_processes}.")
    configure_logging(speech_names(settings)[int(number) - 1])
    larger = {
        LargerModel(used.folder, used.sample_rate_hz, used.grammar == STATIC) for used in models_in_use(settings.home).values()
    }
    recognizer = VoskRecognizer(settings.speech_sets_folder, larger=sorted(larger, key=lambda model: model.folder))
    os.nice(_NICENESS)
    uvloop.run(SpeechServer(settings.speech_ports[int(number) - 1], settings.speech_key, recognizer).run())


if __name__ == "__main__":
    main()
