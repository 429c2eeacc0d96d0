"""What Asterisk is told about the recording of a caller's channel, and what it says of it. A channel that is gone is no error."""

from contextlib import suppress

from asterisk_conf import names
from cti.ami import ActionRefused, Ami
from cti.recording_mute import MUTE, mute_fields


class RecordedChannels:
    """Orders for the recordings of channels; each raises Unavailable when Asterisk does not answer."""

    def __init__(self, ami: Ami) -> None:
        self._ami = ami

    async def write(self, channel: str, silence: bool) -> bool:
        """From now on silence is written, or what is said; returns whether anything records this channel, by Asterisk's word."""
        recorder = await self.value(channel, names.RECORDER)
        if not recorder:
            return False
        try:
            await self._ami.action(MUTE, **mute_fields(channel, silence), MixMonitorID=recorder)
        except ActionRefused:
            return False
        return True

    async def pause_begins(self, channel: str) -> None:
        """What begins to record this channel from here on begins silent."""
        await self.tell(channel, names.RECORDING_PAUSED, "yes")

    async def pause_is_over(self, channel: str) -> None:
        """What begins to record this channel from here on begins with what is said."""
        await self.tell(channel, names.RECORDING_PAUSED, "")

    async def end(self, channel: str) -> None:
        """Nothing records it, nor will."""
        await self.tell(channel, names.RECORD, "no")
        with suppress(ActionRefused):  # nothing records it in this moment
            await self._ami.action("StopMixMonitor", Channel=channel)
        await self.tell(channel, names.RECORDER, "")

    async def tell(self, channel: str, name: str, value: str) -> None:
        """Set a variable of the channel."""
        with suppress(ActionRefused):
            await self._ami.action("Setvar", Channel=channel, Variable=name, Value=value)

    async def value(self, channel: str, name: str) -> str:
        """A variable of the channel; "" when it is gone."""
        try:
            return (await self._ami.action("Getvar", Channel=channel, Variable=name)).get("value", "")
        except ActionRefused:
            return ""
