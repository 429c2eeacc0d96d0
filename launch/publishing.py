"""What publishing a flow needs in this installation: its queues and hours, its voice, its word graphs."""

from collections.abc import Collection, Iterable, Mapping
from pathlib import Path

from core.clock import SystemClock
from core.database import Database
from core.errors import SettingsError
from core.settings import Settings, default_home, load_settings
from ivr.flow_check import Premises
from ivr.hours_source import HoursSource
from ivr.line import Prompt
from ivr.publication import Publisher
from ivr.services import SERVICES
from ivr.speech.grammars import GrammarSource
from ivr.speech.model_folder import SHIPPED_FOLDER
from ivr.speech.speech_set import compile_speech_set
from launch.policies import policy_here
from launch.prompts import voice_of
from routing.policy_in_force import PolicyInForce


def publisher(settings: Settings, database: Database) -> Publisher:
    """Publishes flows of this installation."""
    voice = voice_of(settings)

    def make_sounds(prompts: Iterable[Prompt]) -> None:
        for prompt in prompts:
            voice.file_for(prompt)

    def make_speech_set(grammars: Mapping[str, GrammarSource]) -> str:
        if not settings.speech_processes:
            return ""
        return compile_speech_set(SHIPPED_FOLDER, grammars, settings.speech_sets_folder, settings.country).id

    policies = PolicyInForce(database)

    def look_around() -> Premises:
        return premises(settings.home, policies.current().names, settings.control_number)

    return Publisher(database, SystemClock(), look_around, make_speech_set, make_sounds)


def premises(home: Path, queues: Collection[str], control_number: str = "") -> Premises:
    """What flows may name in the installation in `home`, as it is now; of one that is not set up yet, what Halo ships."""
    return Premises(queues, list(HoursSource(home).schedules()), SERVICES, control_number)


def premises_here() -> Premises:
    """As `premises`, of this machine's own installation, whether it is set up or not."""
    try:
        settings = load_settings()
    except SettingsError:
        return premises(default_home(), policy_here().names)
    return premises(settings.home, policy_here().names, settings.control_number)


def raise_if_callers_reach_control_line(settings: Settings, publishes: Publisher) -> None:
    """Callers must not be asked for a supervisor's PIN. Raises SettingsError when a flow in force has HALO_CONTROL_NUMBER."""
    for text in publishes.flows_in_force():
        for index, entry in enumerate(text.flow.entries):
            if settings.control_number and entry.names(settings.control_number):
                place = text.place("entries", index, "dialled")
                raise SettingsError(
                    f"HALO_CONTROL_NUMBER is a number that callers dial ({place}).",
                    "Give the supervisors another number, or publish the flow without it.",
                )
