"""The question after the talk: with real calls, and with cti killed in between."""

from pathlib import Path

import pytest

from launch.settings_file import write_settings
from tests.live.callers import changed, interaction_of, press_through
from tests.live.house import House, wait_until
from tests.live.spoken_messages import answer_of, find_lost, holds_tone, said_so_far, task_of, wait_heard


@pytest.fixture(scope="module")
def asked_all(_house):
    """Every caller is asked, as long as these tests run."""
    restart_cti(_house, "1.0")
    yield
    restart_cti(_house, "0")


def restart_cti(halo: House, share: str) -> None:
    write_settings(halo.settings.home, {"HALO_SURVEY_SHARE": share})
    halo.stop_process("cti")
    halo.start_process("cti")
    wait_until(halo.cti_is_ready, "cti to be ready")


def to_survey(halo: House, pages, watch, tone: Path):
    """A talk that the agent has ended; the caller hears the question."""
    page = pages.open("2003")
    call = halo.dial(speech=tone).wait_answered()
    interaction = interaction_of(call, watch)
    press_through(call, interaction, watch, "10")
    changed(watch, interaction, "answer")
    page.wait_state("TALKING")
    halo.carrier.hang_up_phone("agent-2003")
    page.wait_state("WRAP_UP")
    wait_heard(halo, call, "survey_score")
    return call, interaction, page


def test_the_caller_is_asked_while_the_agent_goes_on(halo, pages, asked_all, tone):
    watch = halo.watch()
    call, interaction, page = to_survey(halo, pages, watch, tone)
    page.save("solved", "")
    page.wait_state("READY")
    call.press("4")
    wait_heard(halo, call, "survey_comment")
    wait_until(lambda: answer_of(halo, interaction).score == 4, "the score")
    call.speak()
    wait_until(lambda: said_so_far(halo, interaction) > 2, "two seconds of the comment")
    call.press("#")
    assert call.ended.wait(15)
    wait_until(lambda: answer_of(halo, interaction).comment_recording != "", "the comment")
    assert holds_tone(answer_of(halo, interaction).comment_recording)
    assert halo.interaction(interaction).outcome == "answered"


def test_the_death_of_cti_in_a_survey_loses_no_word_and_ends_with_a_goodbye(halo, pages, asked_all, tone):
    watch = halo.watch()
    call, interaction, page = to_survey(halo, pages, watch, tone)
    page.save("solved", "", ready_after=False)
    call.press("5")
    wait_heard(halo, call, "survey_comment")
    call.speak()
    wait_until(lambda: said_so_far(halo, interaction) > 2, "two seconds of the comment")
    killed = halo.kill("cti")
    halo.wait_restarted("cti", killed)
    call.press("#")
    wait_heard(halo, call, "goodbye")
    assert call.ended.wait(10)
    wait_until(halo.cti_is_ready, "cti to be ready again")
    halo.interaction(interaction)
    assert answer_of(halo, interaction).score == 5
    find_lost(halo)
    assert holds_tone(answer_of(halo, interaction).comment_recording)
    assert task_of(halo, interaction) is None


def test_key_zero_at_the_question_is_a_person_again_and_the_agent_keeps_the_wrap_up(halo, pages, asked_all, tone):
    watch = halo.watch()
    call, interaction, page = to_survey(halo, pages, watch, tone)
    other = pages.open("2004")
    call.press("0")
    wait_until(lambda: any(each.data.get("action") == "answer" and each.agent_id == "2004" for each in watch.catch_up()), "2004")
    other.wait_state("TALKING")
    assert page.state == "WRAP_UP"
    assert page.facts["interaction"] == interaction
    page.save("solved", "")
    halo.carrier.hang_up_phone("agent-2004")
    other.wait_state("WRAP_UP")
    other.save("solved", "", ready_after=False)
    wait_heard(halo, call, "goodbye")
    assert call.ended.wait(10)
    record = halo.interaction(interaction)
    assert [each.agent_id for each in record.dispositions] == ["2003", "2004"]
    assert answer_of(halo, interaction).score is None
