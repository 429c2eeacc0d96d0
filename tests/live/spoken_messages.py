"""What callers leave behind by voice in live tests: a tone for a voice, and what is on record of it."""

from datetime import timedelta
from pathlib import Path

from sqlalchemy import select

from core.clock import SystemClock
from crm.callback_tasks import CallbackTask
from crm.phone_numbers import for_people
from crm.surveys import SurveyAnswer
from ivr.line import Prompt
from ivr.lost_recordings import bring_in_lost
from ivr.spoken import spoken_digits
from tests.live.hearing import samples, tone_share
from tests.live.house import House, wait_until

TONE_HZ = 620.0
LANGUAGE = "id"


def task_of(halo: House, interaction_id: str) -> CallbackTask | None:
    with halo.database.reading() as session:
        return session.scalars(select(CallbackTask).where(CallbackTask.interaction_id == interaction_id)).one_or_none()


def answer_of(halo: House, interaction_id: str) -> SurveyAnswer | None:
    with halo.database.reading() as session:
        return session.scalars(select(SurveyAnswer).where(SurveyAnswer.interaction_id == interaction_id)).one_or_none()


def wait_heard(halo: House, call, key: str, times: int = 1, **values: str) -> None:
    wait_until(lambda: halo.hears_prompt(call, Prompt(key, LANGUAGE, values), times), f"the caller to hear {key}", 30)


def holds_tone(file: str | Path) -> bool:
    return tone_share(samples(Path(file)), TONE_HZ) > 0.5


def confirm_own_number(halo: House, call) -> None:
    as_dialled = "".join(filter(str.isdigit, for_people(call.number)))
    wait_heard(halo, call, "callback_own_number", number=spoken_digits(as_dialled, LANGUAGE))
    call.press("1")


def said_so_far(halo: House, interaction: str) -> float:
    files = list(halo.settings.recordings_folder.glob(f"{interaction}_*.wav"))
    return max((file.stat().st_size / 16_000 for file in files), default=0.0)


def find_lost(halo: House) -> None:
    """The worker's look, a while later."""
    later = SystemClock().now() + timedelta(minutes=3)
    bring_in_lost(halo.database, halo.settings.recordings_folder, frozenset(), later)
