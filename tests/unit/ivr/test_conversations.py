"""Conversations in files: read with line numbers, held with the flow, and honest about what went otherwise."""

from pathlib import Path

import pytest

from core.errors import BadInput
from ivr.conversations.by_phone import why_not_by_phone
from ivr.conversations.people import WHO
from ivr.conversations.rehearsal import Rehearsed, rehearse
from ivr.conversations.story_file import SHIPPED_FOLDER, read_story, shipped_stories, stories_with
from ivr.conversations.world import Worlds
from ivr.flow_file import read_flow, shipped_flow
from ivr.flow_version import FlowVersion
from ivr.outcome import RouteTo

STORIES = shipped_stories()
HOTLINE = FlowVersion(shipped_flow().flow)
ORDER = """# A title.
caller: Sari

halo: "ini Halo"
caller: presses 1
halo: order_total amount="empat ratus"
caller: is silent
ends: contained, reason order_status:99000003
"""


@pytest.fixture(scope="module")
def worlds():
    with Worlds() as made:
        yield made


def held(worlds: Worlds, text: str, version: FlowVersion = HOTLINE) -> Rehearsed:
    return rehearse(read_story(text, "talk.txt"), version, worlds)


@pytest.mark.parametrize("story", STORIES, ids=lambda story: Path(story.source).stem)
def test_every_shipped_conversation_goes_as_it_is_written(story, worlds: Worlds) -> None:
    assert rehearse(story, HOTLINE, worlds).problem == ""


def test_the_shipped_ones_cover_every_caller_fault_and_end() -> None:
    assert len(STORIES) >= 25
    assert {story.caller for story in STORIES} == set(WHO)
    assert {story.records for story in STORIES} == set(type(STORIES[0].records))
    assert {story.ends.how for story in STORIES} == {"queue", "callback", "contained", "gone", "turned away"}
    assert {story.listening for story in STORIES} == {True, False}
    assert {story.hours for story in STORIES} == set(type(STORIES[0].hours))
    assert {queue for story in STORIES for queue in story.closed_queues} == set(shipped_flow().flow.queues) | {"general"}
    assert all(story.title for story in STORIES)


def test_files_lie_where_they_are_packaged() -> None:
    assert len(list(SHIPPED_FOLDER.glob("*.txt"))) == len(STORIES)


def test_a_conversation_that_fits_has_no_problem(worlds: Worlds) -> None:
    assert held(worlds, ORDER).problem == ""


@pytest.mark.parametrize(
    ("change", "line", "says"),
    [
        (('"ini Halo"', '"selamat tinggal"'), 4, 'expected "selamat tinggal"; heard instead: greeting_morning'),
        (("presses 1", "presses 2"), 6, "expected order_total"),
        (("empat ratus", "lima ratus"), 6, 'expected order_total amount="lima ratus"; heard instead:'),
        (("caller: is silent\n", ""), 7, "expected the end of the call; heard instead: a question"),
        (("caller: is silent", "caller: is silent\nhalo: bill_none"), 8, "expected bill_none"),
        (
            ("caller: is silent", "caller: is silent\ncaller: presses 1"),
            8,
            "expected the caller presses 1; heard instead: the call ended",
        ),
        (
            ("ends: contained, reason order_status:99000003", "ends: queue billing"),
            8,
            "expected the end queue billing; it ended: contained",
        ),
        (("order_status:99000003", "order_status"), 8, "expected the end contained, reason order_status"),
        (('halo: order_total amount="empat ratus"', "halo: not order_total"), 6, "expected not order_total"),
    ],
)
def test_what_went_otherwise_is_named_with_its_line(worlds: Worlds, change: tuple[str, str], line: int, says: str) -> None:
    problem = held(worlds, ORDER.replace(*change)).problem
    assert problem.startswith(f"talk.txt, line {line}: "), problem
    assert says in problem


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("caller: Nobody\nends: gone", "line 1: 'Nobody' is none of Sari"),
        ("mood: bad\nends: gone", "line 1: there is no setting 'mood'"),
        ("records: tired\nends: gone", "line 1: 'tired' is none of good"),
        ("time: noon\nends: gone", "line 1: 'noon' is no time"),
        ("closed: Billing\nends: gone", "line 1: 'Billing' is no queue"),
        ("caller: Sari\nhalo: Hello there\nends: gone", "line 2: 'Hello there' is no sentence"),
        ('halo: "hello"\ncaller: dances\nends: gone', "line 2: 'caller: dances' is nothing that a caller does"),
        ("caller: presses hard\nends: gone", "line 1: 'presses hard' is nothing that a caller does"),
        ("caller: presses 1\nends: somewhere", "line 2: 'somewhere' is no end"),
        ("caller: presses 1\nends: queue", "line 2: 'queue' is no end"),
        ("ends: gone, mood good", "line 1: 'mood good' does not belong to an end"),
        ("ends: gone\nhalo: goodbye", "line 2: nothing comes after the end"),
        ("caller: presses 1", "does not say how the conversation ends"),
        ("just words", "line 1: expected"),
    ],
)
def test_a_file_that_does_not_read_says_where(text: str, says: str) -> None:
    with pytest.raises(BadInput) as problem:
        read_story(text, "talk.txt")
    assert problem.value.message.startswith("talk.txt")
    assert says in problem.value.message


def test_keys_over_the_answer_wait_for_what_must_be_heard_first(worlds: Worlds) -> None:
    text = "caller: Sari\ncaller: presses 1\nhalo: order_out_for_delivery\ncaller: presses 0 at once\nends: queue general"
    done = held(worlds, text)
    assert done.problem == ""
    assert "after_order_1" not in [prompt.key for prompt in done.heard]


def test_words_that_no_grammar_holds_are_not_understood_and_none_are_where_nobody_listens(worlds: Worlds) -> None:
    text = 'caller: Sari\nhalo: main_menu_1\ncaller: says "tagihan"\nhalo: {heard}\ncaller: presses 0\nends: queue {queue}'
    assert held(worlds, text.format(heard="bill_one", queue="general")).problem.endswith("customer Sari.")
    assert held(worlds, text.format(heard="bill_one", queue="billing")).problem == ""
    assert held(worlds, text.replace("tagihan", "cuaca").format(heard="not_understood_2", queue="general")).problem == ""
    assert held(worlds, "recogniser: dead\n" + text.format(heard="no_key_2", queue="general")).problem == ""


def test_every_conversation_has_records_of_its_own(worlds: Worlds) -> None:
    assert [held(worlds, ORDER).problem for _ in range(2)] == ["", ""]


def test_a_closed_flow_begins_with_its_closed_menu_and_entries_go_by_number_and_segment(worlds: Worlds) -> None:
    text = shipped_flow().text.replace("closed: closed_menu", "closed: people_menu").replace("instead_of_person: voicemail\n", "")
    text = text.replace(
        "entries:\n",
        "entries:\n  - {menu: people_menu, dialled: [1500999]}\n  - {menu: people_menu, segments: [vip]}\n",
    )
    version = FlowVersion(read_flow(text, "draft.yaml").flow)
    talk = "caller: Sari\n{setting}\nhalo: people_menu_1\ncaller: presses 1\nends: queue sales"
    for setting in ("hours: closed", "dialled: 1500999", "segment: vip"):
        assert held(worlds, talk.format(setting=setting), version).problem == "", setting
    assert held(worlds, talk.format(setting="hours: open"), version).problem


def test_the_outcome_and_the_turns_are_there_for_whoever_plays_it_on_a_phone(worlds: Worlds) -> None:
    done = held(worlds, "caller: Sari\nhalo: main_menu_1\ncaller: presses 0\nends: queue general")
    assert isinstance(done.outcome, RouteTo)
    assert [(turn.spoken, turn.cue, str(turn.act)) for turn in done.turns] == [
        (3, 2, "presses 0")
    ]  # greeting, invitation, question
    assert done.met[2].key == "main_menu_1"


def test_own_conversations_stand_in_the_place_of_shipped_ones_or_leave_them_out(tmp_path: Path) -> None:
    talk = "# Mine.\ncaller: Sari\ncaller: presses 0\nends: queue general\n"
    (tmp_path / "person_at_once.txt").write_text(talk, encoding="utf-8")
    (tmp_path / "also_mine.txt").write_text(talk, encoding="utf-8")
    (tmp_path / "stuck_key.txt").write_text("# Our phones have no stuck keys.\n", encoding="utf-8")
    found = {story.source: story.title for story in stories_with(tmp_path)}
    assert (found["person_at_once.txt"], found["also_mine.txt"]) == ("Mine.", "Mine.")
    assert "stuck_key.txt" not in found
    assert len(found) == len(STORIES)
    assert stories_with(tmp_path / "nowhere") == STORIES


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("ends: gone", ""),
        ("caller: Sari\nends: gone", ""),
        ("dialled: 1500777\nends: gone", ""),
        ("not_by_phone: nobody has such a phone\nends: gone", "nobody has such a phone"),
        ("records: dead\nends: gone", "the records"),
        ("recogniser: dead\nends: gone", "the recognisers"),
        ("hours: emergency\nends: gone", "is not closed"),
        ("time: 2025-02-03 09:30\nends: gone", "a day of its own"),
        ("segment: vip\nends: gone", "segments"),
        ("language: en\nends: gone", "broken off"),
        ("dialled: 1500401\nends: gone", "dials 1500777 alone"),
        ('caller: says doubtfully "ya"\nends: gone', "doubtful"),
    ],
)
def test_why_no_phone_can_hold_a_conversation(text: str, why: str) -> None:
    told = why_not_by_phone(read_story(text, "talk.txt"), "1500777", hears=True)
    assert why in told
    assert bool(told) == bool(why)


def test_words_are_said_only_where_they_are_understood() -> None:
    spoken, typed = (read_story(f"caller: {act}\nends: gone", "talk.txt") for act in ('says "ya"', "presses 1"))
    assert why_not_by_phone(spoken, "1500400", hears=False)
    assert not why_not_by_phone(typed, "1500400", hears=False)


def test_a_rehearsal_knows_whom_it_is_about_whether_it_changes_anything_and_what_is_not_heard_whole(worlds: Worlds) -> None:
    done = {name: rehearse(story, HOTLINE, worlds) for story in STORIES if (name := Path(story.source).stem)}
    assert done["order_known_caller"].changed == frozenset()
    assert "delivery_bookings" in done["delivery_rescheduled"].changed
    assert done["pin_forgotten"].changed == {"pin_tries"}
    assert done["call_back_promised"].changed == {"callback_tasks"}
    assert done["order_known_caller"].touched == {"Sari"}
    assert done["team_sales_by_key"].touched == frozenset()
    assert done["order_other_number"].touched == {"Sari", "Budi"}, "an order's number that is said names its customer"
    assert done["delivery_needs_a_pin"].touched == {"Rina", "Agus"}
    over = done["order_person_over_the_answer"]
    assert over.heard[min(over.cut)].key == "order_out_for_delivery"
    assert over.heard[over.turns[-1].cue].key == "order_out_for_delivery", "the key is pressed when that is heard"
