"""The answer as a text message: offered where it would reach the caller, and never at the cost of the call."""

from collections.abc import Sequence

import pytest

from core.errors import HaloError, Unavailable
from ivr.flow import Condition
from ivr.flow_run import run_flow
from ivr.line import Heard
from ivr.messages import MessageId, NumberStopped, TextsSpent, TooManyTexts
from ivr.outcome import Contained, Outcome
from ivr.runner import run
from ivr.text_length import MOST_SEGMENTS, segments
from tests.unit.ivr.callers import desk_with_pin
from tests.unit.ivr.fake_desk import KNOWN_ANI, OWN_ORDER, PIN
from tests.unit.ivr.fake_line import SILENCE, FakeLine, says, visit


class Post:
    """Keeps what is sent; or refuses it with `problem`."""

    available = True

    def __init__(self, problem: HaloError | None = None) -> None:
        self.problem = problem
        self.sent: list[tuple[str, str, str]] = []

    def send_text(self, to_e164: str, text: str, about: str) -> MessageId:
        if self.problem:
            raise self.problem
        self.sent.append((to_e164, text, about))
        return MessageId("m1")


def call(does: Sequence[str | Heard], post: Post, holds: frozenset[Condition]) -> tuple[FakeLine, Outcome]:
    line = FakeLine(does)
    caller = visit(line, desk_with_pin())
    caller.messenger, caller.holds = post, holds
    return line, run(run_flow, caller)


TEXTS = frozenset({Condition.MESSAGES})


@pytest.mark.parametrize("wish", ["9", says("kirim pesan"), says("text me")])
def test_the_answer_is_sent_in_figures_and_the_call_goes_on(wish: str | Heard) -> None:
    post = Post()
    line, outcome = call(["1", SILENCE, wish, SILENCE], post, TEXTS)
    assert outcome == Contained(f"order_status:{OWN_ORDER}")
    ((number, text, about),) = post.sent
    assert number == KNOWN_ANI
    assert about == line.call.interaction_id
    assert OWN_ORDER in text
    assert "Rp412.000" in text
    assert "text_sent" in line.keys_heard
    assert "after_order_text_me_offer" in line.keys_heard


def test_where_no_text_reaches_the_caller_none_is_offered_or_sent() -> None:
    post = Post()
    line, _outcome = call(["1", SILENCE, "9", says("kirim pesan"), SILENCE], post, frozenset())
    assert post.sent == []
    assert not any(key.endswith("_offer") for key in line.keys_heard)
    assert "wrong_key_2" in line.keys_heard


@pytest.mark.parametrize("problem", [NumberStopped(), TooManyTexts(5), TextsSpent(), Unavailable("no database")])
def test_a_text_that_is_refused_costs_a_sentence_and_not_the_call(problem: HaloError) -> None:
    line, outcome = call(["1", SILENCE, "9", SILENCE], Post(problem), TEXTS)
    assert "text_not_sent" in line.keys_heard
    assert outcome == Contained(f"order_status:{OWN_ORDER}")
    assert ("text_me", problem.code) in line.steps


@pytest.mark.parametrize("words", ["tagihan saya", "lokasi paket", "jam buka", "pembayaran saya", "keluhan saya"])
def test_every_answer_fits_into_a_text(words: str) -> None:
    post = Post()
    call([says(words), *([PIN] if words in ("pembayaran saya", "keluhan saya") else []), SILENCE, "9", SILENCE], post, TEXTS)
    ((_number, text, _about),) = post.sent
    assert 1 <= segments(text) <= MOST_SEGMENTS


def test_what_a_flow_tells_can_be_sent_too() -> None:
    post = Post()
    call([says("pertanyaan umum"), "5", SILENCE, "9", SILENCE], post, TEXTS)
    assert "bergaransi satu tahun" in post.sent[0][1]
