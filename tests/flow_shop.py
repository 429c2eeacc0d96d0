"""Publishing for tests of pages: the real check and the real work, in a thread of its own; word graphs by name alone."""

import threading
from collections.abc import Callable, Iterable, Mapping, Sequence

from core.clock import Clock
from core.database import Database
from core.events import Event
from core.problem import Problem
from ivr.conversations.story import Story
from ivr.flow_check import Premises, flow_problems
from ivr.flow_file import FlowText
from ivr.flow_press import work_on
from ivr.line import Prompt
from ivr.publication import Publisher
from ivr.services import SERVICES
from ivr.speech.grammars import GrammarSource
from routing.policy_file import shipped_policy

THERE = Premises(list(shipped_policy().policy.names), ["hotline", "general"], SERVICES)


class FlowShop:
    """A press. With `by_hand` orders lie until `work()`; `stories` are the conversations that are held."""

    def __init__(
        self, database: Database, clock: Clock, tell: Callable[[Event], object], stories: Sequence[Story] = (), by_hand: bool = True
    ) -> None:
        self._database, self._clock, self._tell = database, clock, tell
        self.stories, self.by_hand = list(stories), by_hand
        self.spoken: list[Prompt] = []
        self.waiting: list[str] = []
        self.publisher = Publisher(database, clock, lambda: THERE, self._make_set, self._make_sounds)
        self._threads: list[threading.Thread] = []

    def problems(self, text: FlowText) -> Sequence[Problem]:
        return flow_problems(text, THERE)

    def begin(self, order_id: str) -> None:
        self.waiting.append(order_id)
        if not self.by_hand:
            self._threads.append(threading.Thread(target=self.work))
            self._threads[-1].start()

    def work(self) -> None:
        """Work on what was ordered."""
        while self.waiting:
            order_id = self.waiting.pop(0)
            work_on(order_id, self._database, self._clock, self.publisher, lambda: self.stories, self._tell)

    def close(self) -> None:
        """Wait for the work that was begun."""
        for thread in self._threads:
            thread.join()

    def _make_sounds(self, prompts: Iterable[Prompt]) -> None:
        self.spoken.extend(prompts)

    def _make_set(self, grammars: Mapping[str, GrammarSource]) -> str:
        return f"set-of-{len(grammars)}"
