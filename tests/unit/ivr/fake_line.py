"""A caller from a script: presses, keeps silent or hangs up, and remembers what was heard."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from ivr.catalogue import text_of
from ivr.desk import CrmDesk
from ivr.flow_file import shipped_flow
from ivr.flow_version import FlowVersion
from ivr.line import Grammar, Heard, HungUp, InboundCall, Prompt, Recording
from ivr.message_box import MessageBox
from ivr.outcome import RouteTo
from ivr.patience import Patience
from ivr.visit import Visit
from tests.unit.ivr.fake_desk import KNOWN_ANI, FakeDesk

SILENCE = ""
HANG_UP = "hang up"
MOST_QUESTIONS = 300
NOW = datetime(2025, 2, 3, 9, 30, tzinfo=ZoneInfo("Asia/Jakarta"))  # a Monday


class FakeLine:
    """Does one thing of `does` at each question: keys ("12345678#"), words (says), SILENCE or HANG_UP; silent once used up.

    `hang_up_at` hangs up at the n-th use of the line instead, from 0. Keys that a question left over answer the next one;
    `say` swallows them, as on a real line. `recorded` is what is recorded of the caller, one after the other; then nothing.
    """

    def __init__(
        self,
        does: Sequence[str | Heard] = (),
        ani: str = KNOWN_ANI,
        language: str = "",
        hang_up_at: int | None = None,
        recorded: Sequence[Recording | None] = (),
    ) -> None:
        self._call = InboundCall("3f2b9c1e-8d1a-4f6b-9a51-0a1b2c3d4e5f", ani, "1500400", "PJSIP/trunk-00000001", language)
        self._does = list(does)
        self._recorded = list(recorded)
        self._left_over = ""
        self._typed = False
        self._hang_up_at = hang_up_at
        self.uses = 0
        self.privacies = 0  # stretches in which nothing is recorded
        self._inside = 0
        self.flows: list[tuple[str, int, str]] = []
        self.heard: list[str] = []
        self.spoken: list[Prompt] = []
        self.steps: list[tuple[str, str]] = []
        self.known: list[tuple[int | None, str]] = []
        self.grammars: list[Grammar] = []
        self.wishes: list[tuple[RouteTo, int]] = []  # each with how much was heard before

    @property
    def call(self) -> InboundCall:
        return self._call

    @property
    def keys_heard(self) -> list[str]:
        return [prompt.key for prompt in self.spoken]

    def say(self, *prompts: Prompt) -> None:
        self._use()
        self._hear(prompts)
        self._left_over, self._typed = "", False

    def keep_company(self, prompt: Prompt) -> None:
        self._use()
        self._hear((prompt,))

    def ask_keys(self, *prompts: Prompt, most: int = 1, wait_s: float = 5.0) -> str:
        assert most >= 1
        assert wait_s > 0
        self._use()
        assert self.uses < MOST_QUESTIONS, "the flow never ends"
        self._hear(prompts)
        if not self._left_over and not (self._typed and not prompts):  # more of the same number: all that there was is typed
            done = self._does.pop(0) if self._does else SILENCE
            self._left_over = done if isinstance(done, str) else SILENCE  # nobody listens to words here
        if self._left_over == HANG_UP:
            raise HungUp
        self._typed = bool(self._left_over)
        pressed = self._left_over[:most].partition("#")[0]
        self._left_over = self._left_over[len(pressed) :]
        if len(pressed) < most:
            self._left_over = self._left_over.removeprefix("#")
        return pressed

    def ask(self, *prompts: Prompt, grammar: Grammar, most: int = 1, wait_s: float = 5.0) -> Heard:
        if self._left_over or not self._does or isinstance(self._does[0], str):
            return Heard(keys=self.ask_keys(*prompts, most=most, wait_s=wait_s))
        self._use()
        self._hear(prompts)
        self.grammars.append(grammar)
        said = self._does.pop(0)
        assert isinstance(said, Heard)
        return said

    def record(self, *prompts: Prompt, most_s: float, silence_s: float) -> Recording | None:
        assert most_s > silence_s > 0
        self.say(*prompts)
        return self._recorded.pop(0) if self._recorded else None

    def stand_in_line(self, wish: RouteTo, *words: Prompt) -> None:
        self._use()
        self.wishes.append((wish, len(self.spoken)))
        self._hear(words)

    @contextmanager
    def private(self) -> Iterator[None]:
        self.privacies += not self._inside
        self._inside += 1
        try:
            yield
        finally:
            self._inside -= 1

    def entered(self, flow: str, version: int, menu: str = "") -> None:
        self.flows.append((flow, version, menu))

    def note(self, step: str, detail: str = "") -> None:
        self._use()
        self.steps.append((step, detail))

    def identified(self, customer_id: int | None, language: str) -> None:
        self._use()
        self.known.append((customer_id, language))

    def _hear(self, prompts: Sequence[Prompt]) -> None:
        self.spoken.extend(prompts)
        self.heard.extend(text_of(prompt) for prompt in prompts)

    def _use(self) -> None:
        if self.uses == self._hang_up_at:
            raise HungUp
        self.uses += 1


def says(words: str, confidence: float = 1.0) -> Heard:
    """Something said, and how sure the recogniser is of it; "" for speech that it made nothing of."""
    return Heard(words=words, confidence=confidence, spoke=True)


def visit(line: FakeLine, desk: CrmDesk | None = None, message_box: MessageBox | None = None) -> Visit:
    version = FlowVersion(shipped_flow().flow, 1, "a-speech-set")
    return Visit(line, Patience(desk or FakeDesk(), lambda: None), NOW, version, message_box or MessageBox(Path("/nonexistent")))
