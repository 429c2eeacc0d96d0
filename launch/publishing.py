"""What publishing a flow needs in this installation: its queues, its voice, its word graphs."""

from collections.abc import Iterable, Mapping

from core.clock import SystemClock
from core.database import Database
from core.settings import Settings
from ivr.line import Prompt
from ivr.publication import Publisher
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

    queues = [queue.name for queue in load_queues().queues]
    return Publisher(database, SystemClock(), queues, make_speech_set, make_sounds)
