"""Silences whatever records a channel, while a caller types what nobody may keep."""

import asyncio
from collections.abc import Callable
from concurrent.futures import TimeoutError as TooSlow

from core.errors import Unavailable
from cti.ami import ActionRefused, Ami

MUTE = "MixMonitorMute"
_WAIT_S = 4.0


def mute_fields(channel: str, muted: bool) -> dict[str, str]:
    """The fields of the action MUTE for whatever records this channel: both sides of it."""
    return {"Channel": channel, "Direction": "both", "State": "1" if muted else "0"}


class RecordingMute:
    """Called from the threads of callers; the manager interface lives in the event loop."""

    def __init__(self, ami: Ami, loop: Callable[[], asyncio.AbstractEventLoop]) -> None:
        self._ami, self._loop = ami, loop

    def __call__(self, channel: str, muted: bool) -> None:
        """Mute every recording of the channel, or let it go on. Raises Unavailable when it is not sure that it is muted."""
        done = asyncio.run_coroutine_threadsafe(self._set(channel, muted), self._loop())
        try:
            done.result(_WAIT_S)
        except ActionRefused:
            return  # Asterisk's answer where nothing records this channel
        except TooSlow:  # it is still on its way, and comes before whatever is asked next
            if muted:
                raise Unavailable("Asterisk did not say whether the recording is paused.", "Run ./halo doctor.") from None
        except Unavailable:
            if muted:
                raise

    async def _set(self, channel: str, muted: bool) -> None:
        await self._ami.action(MUTE, **mute_fields(channel, muted))
