"""What publishing a flow needs in this installation: its queues and hours, its voice, its word graphs."""

from collections.abc import Iterable, Mapping
from pathlib import Path

from core.clock import SystemClock
from core.database import Database
from core.settings import Settings
from ivr.flow_check import Premises
from ivr.hours_source import HoursSource
from ivr.line import Prompt
from ivr.publication import Publisher
from ivr.services import SERVICES
from ivr.speech.grammars import GrammarSource
from ivr.speech.model_folder import SHIPPED_FOLDER
from ivr.speech.speech_set import compile_speech_set
from launch.prompts import voice_of
from routing.queues import load_queues


def publisher(settings: Settings, database: Database) -> Publisher:
    """Publishes flows of this installation."""
    voice = voice_of(settings)

    def make_sounds(prompts: Iterable[Prompt]) -> None:
        for prompt in prompts:
            voice.file_for(prompt)

    def make_speech_set(grammars: Mapping[str, GrammarSource]) -> str:
        if not settings.speech_processes:
            return ""
        return compile_speech_set(SHIPPED_FOLDER, grammars, settings.speech_sets_folder).id

    return Publisher(database, SystemClock(), lambda: premises(settings.home), make_speech_set, make_sounds)


def premises(home: Path) -> Premises:
    """What flows may name in the installation in `home`, as it is now; of one that is not set up yet, what Halo ships."""
    return Premises([queue.name for queue in load_queues().queues], list(HoursSource(home).schedules()), SERVICES)
