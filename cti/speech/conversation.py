"""One connection of Asterisk's: set up, asked one question after the other, fed with sound until each is answered."""

import asyncio
from concurrent.futures import Executor

from websockets.asyncio.server import ServerConnection
from websockets.exceptions import ConnectionClosed

from core.clock import stopwatch_s
from core.errors import HaloError
from core.log import get_log
from cti.speech import messages
from cti.speech.aeap_server import set_up
from cti.speech.figures import SpeechFigures
from cti.speech.listening import Listening
from cti.speech.messages import Answer, BadMessage, Question, Request
from ivr.speech.recognizer import BYTES_PER_S, Recognizer

IDLE_S = 900.0  # the longest between two questions: a caller hears an answer, types a card, leaves a message
_PIECE_BYTES = 960  # 60 ms: fewer hand-overs to a thread, and still far below what ends a word
_MOST_BEHIND_BYTES = 10 * BYTES_PER_S
# Phones that send nothing while nobody speaks, and lines without sound at all: what is missing is silence.
_TICK_S = 0.1
_GAP_S = 0.3

_log = get_log(__name__)


class Conversation:
    """Runs until Asterisk closes, or until it says something that is no AEAP: BadMessage."""

    def __init__(self, wire: ServerConnection, key: str, recognizer: Recognizer, threads: Executor, figures: SpeechFigures) -> None:
        self._wire, self._key, self._recognizer, self._threads, self._figures = wire, key, recognizer, threads, figures
        self._listening: Listening | None = None
        self._came_s = stopwatch_s()  # the last message
        self._began_s = 0.0  # of the question
        self._taken_bytes = 0  # of sound since then
        self._sound = bytearray()
        # What is being heard. Silence is passed over as it comes, and wakes nobody.
        self._loud: tuple[Listening, bytes] | None = None
        self._is_loud = asyncio.Event()

    async def run(self) -> None:
        """Raises BadMessage, TimeoutError when nothing comes, ConnectionClosed at the end."""
        await set_up(self._wire, self._key)
        # The first that ends, ends all: Asterisk that closed, a recogniser that failed.
        work = [asyncio.create_task(each) for each in (self._read(), self._work(), self._fill_gaps())]
        try:
            done, _ = await asyncio.wait(work, return_when=asyncio.FIRST_COMPLETED)
            done.pop().result()
        finally:
            for each in work:
                each.cancel()
            await asyncio.gather(*work, return_exceptions=True)

    async def _read(self) -> None:
        async for message in self._wire:
            self._came_s = stopwatch_s()
            if isinstance(message, bytes):
                self._take(message)
                await self._keep_up()
            else:
                await self._request(messages.read_message(message))

    async def _request(self, request: Request | None) -> None:
        if request is None:
            return
        if request.name == "set" and messages.GRAMMAR in request.parameters:
            question = messages.read_question(request.parameters)
            self._listening = None  # first: an answer to the question before would be taken for one to this
            # Asterisk waits a second for this and no longer; the sound that comes meanwhile is not lost, it lies in the socket.
            await self._wire.send(messages.plain_answer(request))
            await self._ask(question)
        elif request.name in ("set", "get"):
            await self._wire.send(messages.plain_answer(request))
        else:
            raise BadMessage("a request that we don't know")

    async def _ask(self, question: Question) -> None:
        """Begin to listen for another question."""
        loop, wanted = asyncio.get_running_loop(), (question.speech_set, question.grammar, question.digits, question.form)
        try:
            recognition = await loop.run_in_executor(self._threads, self._recognizer.start, *wanted)
        except HaloError as problem:
            _log.warning("speech_not_understood", speech_set=question.speech_set, grammar=question.grammar, why=problem.message)
            self._figures.refused.labels("unknown_grammar").inc()
            recognition = None  # told as soon as sound comes: Asterisk takes no answer before it listens
        self._sound.clear()
        self._began_s, self._taken_bytes = stopwatch_s(), 0
        self._listening = Listening(recognition, question)

    def _take(self, sound: bytes) -> None:
        if self._listening is None:
            return
        self._sound += sound
        self._taken_bytes += len(sound)
        if self._loud is None:
            self._loud = self._next_loud()
            if self._loud is not None:
                self._is_loud.set()

    def _next_loud(self) -> tuple[Listening, bytes] | None:
        """The next piece of the sound that must be heard, taken out; None when there is none yet."""
        while self._listening is not None and len(self._sound) >= _PIECE_BYTES:
            whole = len(self._sound) // 2 * 2
            piece = bytes(self._sound[:whole])
            del self._sound[:whole]
            if not self._listening.passes_over(piece):
                return self._listening, piece
        return None

    async def _keep_up(self) -> None:
        """End a question that is heard too late. The connection stays: Asterisk may die when its script ends at that moment."""
        listening = self._listening
        if listening is None or len(self._sound) <= _MOST_BEHIND_BYTES:
            return
        self._listening = None
        self._sound.clear()
        _log.warning("speech_behind", next_step="see HALO_SPEECH_PROCESSES, or give this machine more cores")
        await self._tell(listening, Answer(messages.Verdict.BEHIND))

    async def _fill_gaps(self) -> None:
        while True:
            await asyncio.sleep(_TICK_S)
            if stopwatch_s() - self._came_s > IDLE_S:
                raise TimeoutError
            missing_s = stopwatch_s() - self._began_s - self._taken_bytes / BYTES_PER_S
            if self._listening is not None and missing_s > _GAP_S:
                self._take(bytes(2 * round((missing_s - _GAP_S / 2) * BYTES_PER_S / 2)))

    async def _work(self) -> None:
        while True:
            await self._is_loud.wait()
            self._is_loud.clear()
            while self._loud is not None:
                listening, piece = self._loud
                if listening is self._listening:  # not of the question before
                    await self._hear_piece(listening, piece)
                self._loud = self._next_loud()

    async def _hear_piece(self, listening: Listening, piece: bytes) -> None:
        handed_s = stopwatch_s()
        answer = await asyncio.get_running_loop().run_in_executor(self._threads, self._hear, listening, piece, handed_s)
        if answer is not None and listening is self._listening:
            self._listening = None
            await self._tell(listening, answer)

    def _hear(self, listening: Listening, sound: bytes, handed_s: float) -> Answer | None:
        self._figures.lag_s.observe(stopwatch_s() - handed_s)
        return listening.hear(sound)

    async def _tell(self, listening: Listening, answer: Answer) -> None:
        try:
            await self._wire.send(messages.results_request(answer))
        except ConnectionClosed:
            return
        self._figures.answers.labels(answer.verdict.value).inc()
        if answer.verdict in (messages.Verdict.WORDS, messages.Verdict.REJECTED):
            self._figures.answer_s.observe(stopwatch_s() - self._began_s - listening.loud_until_s)
