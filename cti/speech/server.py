"""A recogniser: hears callers' sound and tells the words, one connection for each caller who is asked something."""

import os
from concurrent.futures import ThreadPoolExecutor

from websockets.asyncio.server import ServerConnection

from cti.speech.aeap_server import MOST_STREAMS, AeapServer
from cti.speech.conversation import Conversation
from ivr.speech.recognizer import Recognizer


class SpeechServer(AeapServer):
    """Whoever can't say `key` in the set-up is closed at once; see settings.speech_key."""

    def __init__(self, port: int, key: str, recognizer: Recognizer, most_streams: int = MOST_STREAMS) -> None:
        super().__init__(port, most_streams)
        self._key, self._recognizer = key, recognizer
        # Recognising is arithmetic: more threads than cores would only take turns.
        self._threads = ThreadPoolExecutor(max_workers=os.cpu_count() or 1, thread_name_prefix="speech")

    async def converse(self, wire: ServerConnection) -> None:
        """Hear one caller."""
        await Conversation(wire, self._key, self._recognizer, self._threads, self.figures).run()

    async def run(self) -> None:
        """Serve until SIGTERM."""
        await super().run()
        self._threads.shutdown(wait=False, cancel_futures=True)
