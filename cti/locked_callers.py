"""Frees callers whose thread in Asterisk waits for ever.

Asterisk's speech client may lock itself up when its peer goes away in the moment in which a caller's sound is written: the caller's
thread and the one that reads answers wait for each other. No order reaches that thread any more, not even a hang-up. But another
channel can take the caller out of its hands, as an agent's leg does who answers: for a moment they are in a bridge with a channel
of ours, and go on where they were, in a new thread. The old one stays in Asterisk, without a caller, until that starts anew.
"""

import asyncio
import re
from collections.abc import Callable, Mapping
from concurrent.futures import TimeoutError as TooSlow

from asterisk_conf import names
from core.errors import HaloError
from core.log import get_log
from cti.ami import Ami

_WAIT_S = 4.0
_CHANNEL, _WORD, _NUMBER = (re.compile(text) for text in (r"[\w/@.;-]+", r"[\w-]+", r"[0-9]+"))

_log = get_log(__name__)


class LockedCallers:
    """Called from the threads of callers; the manager interface lives in the event loop."""

    def __init__(self, ami: Ami, loop: Callable[[], asyncio.AbstractEventLoop]) -> None:
        self._ami, self._loop = ami, loop

    def __call__(self, env: Mapping[str, str]) -> bool:
        """The caller of the AGI session with this environment runs the same line of the dialplan again. False when Asterisk does
        not take the order."""
        fields = freeing_fields(env)
        if fields is None:
            return False
        done = asyncio.run_coroutine_threadsafe(self._free(fields), self._loop())
        try:
            done.result(_WAIT_S)
        except (HaloError, TooSlow) as problem:
            _log.error("caller_not_freed", why=type(problem).__name__, next_step="this caller hears silence; they must call again")
            return False
        _log.warning("caller_freed", context=env["agi_context"])
        return True

    async def _free(self, fields: Mapping[str, str]) -> None:
        await self._ami.action("Originate", **fields)


def freeing_fields(env: Mapping[str, str]) -> dict[str, str] | None:
    """The fields of the action that frees this caller; None when Asterisk has not said where they are."""
    shapes = {"agi_channel": _CHANNEL, "agi_context": _WORD, "agi_extension": _WORD, "agi_priority": _NUMBER}
    if not all(shape.fullmatch(env.get(name, "")) for name, shape in shapes.items()):
        return None
    channel, *place = (env[name] for name in shapes)
    return {
        "Channel": f"Local/s@{names.FREEING}/n", "Application": "Bridge", "Data": f"{channel},xF({'^'.join(place)})",
        "Async": "true",
    }  # fmt: skip
