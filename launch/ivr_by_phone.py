"""Holds conversations with this Halo by real calls, and prints how they went."""

from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory

from core.bus import EventBus
from core.clock import stopwatch_s
from core.database import Database
from core.errors import Unavailable
from core.settings import load_settings
from launch.console import bold, dim, green, red, say
from launch.demo.our_carrier import our_carrier, refuse_when_agents_work
from launch.demo.phone_conversations import KEPT_FOLDER, HeldByPhone, phone_conversations
from launch.ivr_conversations import stories_in
from launch.supervision.readiness import CHECKS
from routing.live import LiveStore

_NEEDED = ("redis", "asterisk", "cti")


def test_by_phone(files: Sequence[Path], at_once: int) -> bool:
    """Hold every conversation in these files (else the shipped ones) by phone; whether all that were held went as written."""
    stories = stories_in(files)
    settings = load_settings()
    for process in _NEEDED:
        if CHECKS[process](settings):
            raise Unavailable(f"Halo does not take calls: {process} does not answer.", "Run ./halo up, then this again.")
    begun_s = stopwatch_s()
    store, bus, database = LiveStore(settings.redis_url), EventBus(settings.redis_url), Database(settings.database)
    with ExitStack() as stack:
        for close in (store.close, bus.close, database.dispose):
            stack.callback(close)
        refuse_when_agents_work(store, "a conversation that asks for a person")
        carrier = stack.enter_context(our_carrier(settings))
        folder = Path(stack.enter_context(TemporaryDirectory(prefix="halo-voices-")))
        say(f"Calling {settings.hotline_number}, at most {at_once} conversations at once. Each line is one that is over.\n")
        conversations = stack.enter_context(phone_conversations(settings, database, bus, carrier, folder))
        results = conversations.hold_all(stories, at_once, _tell)
    return _print_results(results, stopwatch_s() - begun_s, settings.home / KEPT_FOLDER)


def _tell(held: HeldByPhone) -> None:
    name = Path(held.story.source).stem
    if held.why_not:
        say(f"  {dim('–')} {name:<36} {'':>6}  {dim(f'not by phone: {held.why_not}')}")
        return
    mark = red("✗") if held.problem else green("✓")
    say(f"  {mark} {name:<36} {dim(f'{held.took_s:4.0f} s')}  {held.story.title}")
    if held.at_first:
        say(f"    {dim('in the first call:')} {held.at_first}")
    if held.problem and held.problem != held.at_first:
        say(f"    {dim('in the second call:')} {held.problem}")


def _print_results(results: Sequence[HeldByPhone], took_s: float, kept: Path) -> bool:
    held = [result for result in results if not result.why_not]
    failed = [result for result in held if result.problem]
    say(f"\n{bold('Conversations by phone')}")
    second = [result for result in held if result.at_first and not result.problem]
    counts = {"held": len(held), "as written": len(held) - len(failed), "in the second call": len(second)}
    for name, value in (counts | {"otherwise": len(failed), "not by phone": len(results) - len(held)}).items():
        say(f"  {name:<20} {value:>4}")
    say(f"  {'time':<20} {took_s:>4.0f} s; {sum(result.took_s for result in held):.0f} s on the line")
    for result in failed:
        say(f"\n  {red('✗')} {result.problem}")
    if failed:
        say(f"\n  What was heard in them: {kept}")
    return not failed
