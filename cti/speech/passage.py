"""One connection of Asterisk's, passed on to a recogniser. When that one dies, the questions end all the same."""

import asyncio
from contextlib import suppress

from websockets.asyncio.client import ClientConnection
from websockets.asyncio.server import ServerConnection
from websockets.exceptions import ConnectionClosed

from core.log import get_log
from cti.speech import messages
from cti.speech.figures import SpeechFigures
from cti.speech.messages import Answer, BadMessage, Request, Verdict
from ivr.speech.recognizer import BYTES_PER_S

# Asterisk waits a second for an answer to what it asks, and no longer.
ANSWER_WAIT_S = 0.7
# Asterisk takes no result before it listens, which the first sound shows; on a line without sound, this long after the question.
_SOUND_WAIT_S = 1.0
# More than this is not on its way to a recogniser that reads. Asterisk must always be read: its connection breaks else.
MOST_UNSENT_BYTES = 10 * BYTES_PER_S

_log = get_log(__name__)


class Passage:
    """Runs until Asterisk closes. `recogniser` is one that has been set up, or None when there is none."""

    def __init__(self, wire: ServerConnection, recogniser: ClientConnection | None, figures: SpeechFigures) -> None:
        self._wire, self._recogniser, self._figures = wire, recogniser, figures
        self._unanswered: Request | None = None
        self._is_asked = asyncio.Event()  # a question whose end has not been told
        self._is_heard = asyncio.Event()  # sound has come since it was asked

    async def run(self) -> None:
        """Raises BadMessage, ConnectionClosed at the end."""
        back = asyncio.create_task(self._pass_back())
        try:
            async for message in self._wire:
                if isinstance(message, bytes):
                    self._is_heard.set()
                else:
                    await self._note(messages.read_message(message))
                await self._pass_on(message)
        finally:
            back.cancel()
            await asyncio.gather(back, return_exceptions=True)

    async def _note(self, request: Request | None) -> None:
        if request is None:  # Asterisk's answer to a result
            return
        if messages.GRAMMAR in request.parameters:
            self._is_heard.clear()
            self._is_asked.set()
        if self._recogniser is None:
            await self._wire.send(messages.plain_answer(request))
            return
        self._unanswered = request
        asyncio.get_running_loop().call_later(ANSWER_WAIT_S, self._give_up_unless_answered, request)

    async def _pass_on(self, message: str | bytes) -> None:
        recogniser = self._recogniser
        if recogniser is None:
            return
        if recogniser.transport.get_write_buffer_size() > MOST_UNSENT_BYTES - len(message):
            recogniser.transport.abort()
            return
        with suppress(ConnectionClosed):  # `_pass_back` sees it, too
            await recogniser.send(message)

    def _give_up_unless_answered(self, request: Request) -> None:
        if self._unanswered is request and self._recogniser is not None:
            self._recogniser.transport.abort()

    async def _pass_back(self) -> None:
        if self._recogniser is not None:
            with suppress(ConnectionClosed, BadMessage):
                async for message in self._recogniser:
                    if isinstance(message, str):
                        await self._answered(message)
            _log.warning("recogniser_lost")
            self._recogniser = None
        if self._unanswered is not None:
            await self._wire.send(messages.plain_answer(self._unanswered))
        while True:
            await self._is_asked.wait()
            with suppress(TimeoutError):
                await asyncio.wait_for(self._is_heard.wait(), _SOUND_WAIT_S)
            self._is_asked.clear()
            self._figures.answers.labels(Verdict.BROKEN.value).inc()
            await self._wire.send(messages.results_request(Answer(Verdict.BROKEN)))

    async def _answered(self, message: str) -> None:
        if messages.read_message(message) is None:
            self._unanswered = None
        elif self._unanswered is None:  # else the result may be of the question before
            self._is_asked.clear()
        await self._wire.send(message)
