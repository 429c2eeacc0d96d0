"""Which recogniser a caller gets, and how often its absence is told."""

import pytest
import structlog

from cti import speech_engines
from cti.speech_engines import SpeechEngines, answers_at
from tests.conftest import free_port


@pytest.fixture
def engines() -> SpeechEngines:
    return SpeechEngines({"vosk-1": 1, "vosk-2": 2, "vosk-3": 3}, is_ready=lambda port: port != 2)


def test_the_one_with_the_fewest_callers_comes_first(engines):
    with engines.listening("vosk-1"), engines.listening("vosk-3"), engines.listening("vosk-3"):
        assert engines.in_order() == ["vosk-2", "vosk-1", "vosk-3"]
    assert engines.in_order()[0] == "vosk-1"


def test_one_that_failed_is_tried_last_until_it_answers_or_time_has_passed(engines, monkeypatch):
    now_s = [100.0]
    monkeypatch.setattr(speech_engines, "stopwatch_s", lambda: now_s[0])
    engines.failed("vosk-1")
    assert engines.in_order() == ["vosk-2", "vosk-3", "vosk-1"]
    engines.answers("vosk-1")
    assert engines.in_order()[0] == "vosk-1"
    engines.failed("vosk-1")
    now_s[0] += speech_engines.SET_ASIDE_S
    assert engines.in_order()[0] == "vosk-1"


def test_readiness_is_asked_at_the_engines_own_port(engines):
    assert engines.is_ready("vosk-1")
    assert not engines.is_ready("vosk-2")


def test_one_that_answered_a_moment_ago_is_not_asked_again_unless_it_failed(monkeypatch):
    now_s, asked = [100.0], []
    monkeypatch.setattr(speech_engines, "stopwatch_s", lambda: now_s[0])
    engines = SpeechEngines({"vosk-1": 1}, is_ready=lambda port: not asked.append(port))
    for _ in range(3):
        assert engines.is_ready("vosk-1")
    assert asked == [1]
    engines.failed("vosk-1")
    assert engines.is_ready("vosk-1")
    assert asked == [1, 1]
    now_s[0] += 5
    assert engines.is_ready("vosk-1")
    assert asked == [1, 1, 1]


def test_that_none_answers_is_said_once_until_one_is_back(engines):
    with structlog.testing.capture_logs() as lines:
        for _ in range(3):
            engines.none_answers()
        engines.answers("vosk-1")
        engines.answers("vosk-1")
        engines.none_answers()
    told = [line["event"] for line in lines]
    assert told == ["no_speech_engine_answers", "speech_is_back", "no_speech_engine_answers"]


def test_where_no_speech_is_set_up_its_absence_is_no_news():
    with structlog.testing.capture_logs() as lines:
        SpeechEngines({}).none_answers()
    assert lines == []


def test_nothing_answers_at_a_port_where_nothing_listens():
    assert not answers_at(free_port())
