"""What publishing a flow needs in this installation: its queues, its voice, its word graphs."""

from collections.abc import Iterable

from core.clock import SystemClock
from core.database import Database
from core.settings import Settings
from ivr.flow import Flow
from ivr.line import Grammar, Prompt
from ivr.publication import Publisher
from launch.prompts import voice_of
from routing.queues import load_queues


def publisher(settings: Settings, database: Database) -> Publisher:
    """Publishes flows of this installation."""
    voice = voice_of(settings)

    def make_sounds(prompts: Iterable[Prompt]) -> None:
        for prompt in prompts:
            voice.file_for(prompt)

    queues = [queue.name for queue in load_queues().queues]
    return Publisher(database, SystemClock(), queues, _no_speech_set, make_sounds)


def _no_speech_set(_grammars: Iterable[Grammar], _flow: Flow) -> str:
    return ""
