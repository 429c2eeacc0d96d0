"""Seconds of call time from the answer to the order's status told, as callers get there: known or not, by key or by voice."""

import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from zoneinfo import ZoneInfo

from benchmarks.house import benchmark_house
from benchmarks.report import Report
from core.clock import SystemClock
from core.events import EventKind
from ivr.answers import is_worth_telling, order_answer
from ivr.database_desk import DatabaseDesk
from ivr.desk import OrderFacts
from ivr.joined_sound import length_s
from ivr.line import Prompt
from ivr.wording import Aloud
from launch.demo.carrier import Call
from launch.demo.event_watch import EventWatch
from launch.prompts import voice_of
from tests.live.callers import interaction_of, press_through
from tests.live.hearing import heard_at_s
from tests.live.house import House, wait_until

AIM_S = 17.0
TELLS_STATUS = 2  # where it is, and when it comes: the rest is its number and total
VOICES = ("id+f3", "id+m7")  # espeak-ng's Indonesian with other throats; not the voice of the prompts


@dataclass(frozen=True, slots=True)
class Way:
    """A way to the status: what the caller is, and what they do once they are greeted."""

    name: str
    known: bool
    do: Callable[[Call, str, EventWatch, OrderFacts], None]
    says: str = ""


def _press_one(call: Call, _interaction: str, _watch: EventWatch, _order: OrderFacts) -> None:
    call.press("1")


def _speak(call: Call, _interaction: str, _watch: EventWatch, _order: OrderFacts) -> None:
    call.speak()


def _as_a_stranger(call: Call, interaction: str, watch: EventWatch, order: OrderFacts) -> None:
    press_through(call, interaction, watch, "11")
    watch.wait(lambda event: event.kind is EventKind.IVR_STEP_TAKEN and event.data["step"] == "main_menu", "the menu")
    call.press(order.number)


WAYS = (
    Way("known caller, by key", True, _press_one),
    Way("known caller, by voice: 'status pesanan'", True, _speak, says="status pesanan"),
    Way("stranger, by key: language, menu, order number", False, _as_a_stranger),
)


def measure(report: Report, calls: int) -> None:
    """Fill the report."""
    with benchmark_house() as house, TemporaryDirectory() as folder:
        table = report.table("From the answer, in seconds", "caller", "calls", "status told", "whole answer told", "longest")
        callers = _callers(house, calls)
        for way in WAYS:
            told = [_one(house, way, number, order, Path(folder), place) for place, (number, order) in enumerate(callers)]
            status_s, whole_s = [each[0] for each in told], [each[1] for each in told]
            table.add(way.name, len(told), f"{median(status_s):.1f}", f"{median(whole_s):.1f}", f"{max(status_s):.1f}")
            report.figures[way.name] = {"status_told_s": median(status_s), "whole_answer_s": median(whole_s)}
    report.remarks += [
        "Call time as the caller has it: from the answer to the end of the sentences, found in the recording of the caller's side. "
        "Medians; 'longest' is of the status. The callers know the way and act at once, as somebody who calls again does.",
        f"The aim is {AIM_S:g} s: as long as tracking a parcel on the web takes.",
    ]


def _callers(house: House, most: int) -> list[tuple[str, OrderFacts]]:
    """Known numbers whose owners wait for an order that is on its way and not late, so that all hear an answer of one form."""
    desk, now = DatabaseDesk(house.database), _local(house)
    found = []
    for number in house.known_numbers(400):
        (caller, *_others) = desk.callers(number)
        order = desk.newest_order(caller.customer_id)
        on_its_way = order is not None and order.status in ("shipped", "out_for_delivery") and is_worth_telling(order, now)
        if order is not None and on_its_way and order.promised_on and order.promised_on >= now.date():
            found.append((number, order))
        if len(found) == most:
            break
    return found


def _one(house: House, way: Way, number: str, order: OrderFacts, folder: Path, place: int) -> tuple[float, float]:
    """One call; seconds until the status, and until the whole answer, has been told."""
    watch = house.watch()
    speech = _spoken(folder, way.says, VOICES[place % len(VOICES)]) if way.says else None
    call = house.dial(number if way.known else "", speech).wait_answered()
    interaction = interaction_of(call, watch)
    if way.known:
        watch.wait(
            lambda event: event.kind is EventKind.INTERACTION_IDENTIFIED and event.interaction_id == interaction, "the caller"
        )
    way.do(call, interaction, watch, order)
    sentences = order_answer(order, Aloud("id", _local(house)))
    wait_until(lambda: house.hears_prompt(call, sentences[-1]), "the answer", timeout_s=60)
    ends = [_end_s(house, call, sentence) for sentence in sentences]
    call.hang_up()
    wait_until(lambda: not call.is_up, "the end of the call")
    return ends[TELLS_STATUS - 1], ends[-1]


def _end_s(house: House, call: Call, sentence: Prompt) -> float:
    sound = voice_of(house.settings).file_for(sentence)
    return heard_at_s(call.heard, sound)[0] + length_s(sound)


def _local(house: House) -> datetime:
    return SystemClock().now().astimezone(ZoneInfo(house.settings.time_zone))


def _spoken(folder: Path, text: str, voice: str) -> Path:
    said, file = folder / "said.wav", folder / f"{text.replace(' ', '-')}-{voice}.wav"
    if not file.exists():
        subprocess.run(["espeak-ng", "-v", voice, "-s", "150", "-w", said, text], check=True)
        form = ("-r", "8000", "-b", "16", "-e", "signed-integer", "-c", "1")
        subprocess.run(["sox", "-V1", said, *form, file, "norm", "-6", "pad", "0.2", "30"], check=True)
    return file
