"""Messages find their way to the records whatever was lost; what they say is written down once; what is old goes."""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, update

from core.database import Database
from core.errors import Unavailable
from core.events import Event, EventKind
from core.ids import new_id
from crm.callback_tasks import CallbackTask, CallbackWish, TaskState, add_callback_task, claim_task, finish_task
from crm.contact_history import Interaction
from crm.customers import Customer
from crm.recordings import waits_for_transcript
from crm.surveys import SurveyAnswer, save_survey
from ivr.card_masking import MASK
from ivr.message_box import MessageBox
from ivr.message_jobs import TAKEN_FOR, bring_in_messages, forget_old_recordings, open_forgotten, settle_those_answered
from ivr.speech.transcriber import Transcript
from ivr.transcripts import transcribe_waiting
from tests.unit.ivr.fake_line import NOW


class FakeTranscriber:
    """Says what it is told to for each file name; understands the languages it is given."""

    def __init__(self, said: dict[str, str | None], languages: str = "id en", keywords_only: bool = False) -> None:
        self._said, self._languages, self._keywords_only = said, languages.split(), keywords_only
        self.asked: list[tuple[str, str]] = []

    @property
    def languages(self) -> frozenset[str]:
        return frozenset(self._languages)

    def transcribe(self, files: Sequence[Path], language: str) -> Iterator[Transcript]:
        if language not in self._languages:
            raise Unavailable("No model.", "")
        for file in files:
            self.asked.append((file.name, language))
            yield Transcript(self._said[file.name], self._keywords_only)


def wish(recording: str = "", language: str = "id") -> CallbackWish:
    return CallbackWish(new_id(), "+628112345678", "billing", language, NOW + timedelta(hours=2), None, "voicemail", recording)


def keep(database: Database, *wishes: CallbackWish) -> list[int]:
    with database.writing() as session:
        ids = [add_callback_task(session, each, NOW) for each in wishes]
        session.commit()
        return ids


def tasks(database: Database) -> dict[str, CallbackTask]:
    with database.reading() as session:
        return {task.interaction_id: task for task in session.scalars(select(CallbackTask))}


def make_done(database: Database, task_id: int) -> None:
    with database.writing() as session:
        claim_task(session, task_id, "1001", NOW)
        finish_task(session, task_id, "1001", NOW)
        session.commit()


@pytest.fixture
def box(tmp_path: Path) -> MessageBox:
    return MessageBox(tmp_path / "recordings" / "kept")


def test_a_call_that_somebody_took_and_never_made_can_be_taken_by_others_after_a_shift(database: Database) -> None:
    forgotten, fresh, done, waiting = keep(database, wish(), wish(), wish(), wish())
    with database.writing() as session:
        claim_task(session, forgotten, "1001", NOW)
        claim_task(session, fresh, "1001", NOW + timedelta(hours=1))
        session.commit()
    make_done(database, done)
    told: list[Event] = []

    assert open_forgotten(database, NOW + TAKEN_FOR, told.append) == 0
    assert open_forgotten(database, NOW + TAKEN_FOR + timedelta(minutes=1), told.append) == 1

    states = {task.id: (task.state, task.agent_id) for task in tasks(database).values()}
    assert states == {forgotten: ("open", ""), fresh: ("taken", "1001"), done: ("done", "1001"), waiting: ("open", "")}
    assert [(event.data["queue"], event.data["change"]) for event in told] == [("billing", "give_back")]
    with database.writing() as session:
        assert claim_task(session, forgotten, "1002", NOW + TAKEN_FOR)


def test_what_is_only_on_disk_comes_to_the_records_once_and_is_told(database: Database, box: MessageBox) -> None:
    left, told = [wish(), wish()], list[Event]()
    for each in left:
        box.put(each)
    keep(database, left[0])  # its process died between the commit and the note that it was done

    assert bring_in_messages(database, box, NOW, told.append) == 2
    assert bring_in_messages(database, box, NOW, told.append) == 0

    assert set(tasks(database)) == {each.interaction_id for each in left}
    assert list(box.left_over()) == []
    assert {(event.kind, event.interaction_id) for event in told} == {
        (EventKind.CALLBACK_TASK_CHANGED, each.interaction_id) for each in left
    }


def test_a_message_that_the_records_refuse_stays_on_disk_and_holds_up_no_other(database: Database, box: MessageBox) -> None:
    refused = CallbackWish("a" * 36, "+62811", "billing", "id", NOW, customer_id=987_654)  # no such customer
    good = wish()
    for each in (refused, good):
        box.put(each)
    assert bring_in_messages(database, box, NOW, lambda _: None) == 1
    assert set(tasks(database)) == {good.interaction_id}
    assert list(box.left_over()) == [refused]


def test_each_recording_is_transcribed_once_in_its_own_language(database: Database) -> None:
    spoken, english, silent = wish("/r/1.wav"), wish("/r/2.wav", "en"), wish()
    keep(database, spoken, english, silent)
    transcriber = FakeTranscriber({"1.wav": "tolong telepon saya", "2.wav": "call me"})
    assert len(transcribe_waiting(database, transcriber)) == 2
    assert transcribe_waiting(database, transcriber) == []
    assert sorted(transcriber.asked) == [("1.wav", "id"), ("2.wav", "en")]
    found = tasks(database)
    assert (found[spoken.interaction_id].transcript, found[spoken.interaction_id].transcript_kind) == (
        "tolong telepon saya",
        "full",
    )
    assert found[english.interaction_id].transcript == "call me"
    assert found[silent.interaction_id].transcript_kind == ""


def test_a_transcript_of_menu_words_alone_says_so(database: Database) -> None:
    spoken = wish("/r/1.wav")
    keep(database, spoken)
    transcribe_waiting(database, FakeTranscriber({"1.wav": "… tagihan …"}, keywords_only=True))
    assert tasks(database)[spoken.interaction_id].transcript_kind == "keywords"


def test_a_file_that_cannot_be_heard_is_done_with_and_one_without_a_word_too(database: Database) -> None:
    broken, wordless = wish("/r/1.wav"), wish("/r/2.wav")
    keep(database, broken, wordless)
    transcriber = FakeTranscriber({"1.wav": None, "2.wav": ""})
    transcribe_waiting(database, transcriber)
    transcribe_waiting(database, transcriber)
    assert len(transcriber.asked) == 2
    assert tasks(database)[broken.interaction_id].transcript_kind == "none"
    assert tasks(database)[wordless.interaction_id].transcript_kind == "full"


def test_a_language_without_a_model_waits_and_holds_up_no_other(database: Database) -> None:
    waiting, english = [wish(f"/r/{number}.wav", "id") for number in range(3)], wish("/r/e.wav", "en")
    keep(database, *waiting, english)
    transcribe_waiting(database, FakeTranscriber({"e.wav": "call me"}, languages="en"), most=2)
    found = tasks(database)
    assert found[english.interaction_id].transcript == "call me"
    assert {found[each.interaction_id].transcript_kind for each in waiting} == {"no_model"}
    with database.reading() as session:
        assert waits_for_transcript(session)

    said = {f"{number}.wav": "halo" for number in range(3)}
    transcribe_waiting(database, FakeTranscriber(said))
    found = tasks(database)
    assert {(found[each.interaction_id].transcript, found[each.interaction_id].transcript_kind) for each in waiting} == {
        ("halo", "full")
    }
    with database.reading() as session:
        assert not waits_for_transcript(session)


def test_a_language_whose_model_cannot_be_loaded_holds_up_no_other_and_is_tried_again(database: Database) -> None:
    class Broken(FakeTranscriber):
        def transcribe(self, files: Sequence[Path], language: str) -> Iterator[Transcript]:
            if language == "en":
                raise Unavailable("The model can't be loaded.", "")
            return super().transcribe(files, language)

    waiting, spoken = [wish(f"/r/{number}.wav", "en") for number in range(3)], wish("/r/s.wav")
    keep(database, *waiting, spoken)
    transcribe_waiting(database, Broken({"s.wav": "halo"}), most=2)
    found = tasks(database)
    assert found[spoken.interaction_id].transcript == "halo"
    assert {found[each.interaction_id].transcript_kind for each in waiting} == {""}


def test_a_comment_in_a_language_without_a_model_is_set_aside_too(database: Database) -> None:
    with database.writing() as session:
        save_survey(session, new_id(), None, NOW, score=4, comment_recording="/r/c.wav")
        session.commit()
    transcribe_waiting(database, FakeTranscriber({}, languages="en"))
    with database.reading() as session:
        assert session.scalars(select(SurveyAnswer.transcript_kind)).one() == "no_model"
    transcribe_waiting(database, FakeTranscriber({"c.wav": "cepat"}))
    with database.reading() as session:
        assert session.scalars(select(SurveyAnswer.transcript)).one() == "cepat"


def test_a_spoken_comment_is_transcribed_in_the_customers_language(database: Database) -> None:
    with database.writing() as session:
        session.add(Customer(id=7, name="Tom Miller", language="en", created_at=NOW, updated_at=NOW))
        session.flush()
        save_survey(session, new_id(), 7, NOW, score=4, comment_recording="/r/c.wav")
        save_survey(session, new_id(), None, NOW, score=2)
        session.commit()
    transcriber = FakeTranscriber({"c.wav": "very quick"})
    transcribe_waiting(database, transcriber)
    assert transcriber.asked == [("c.wav", "en")]
    with database.reading() as session:
        answer = session.scalars(select(SurveyAnswer).where(SurveyAnswer.customer_id == 7)).one()
    assert (answer.score, answer.transcript, answer.transcript_kind) == (4, "very quick", "full")


def test_old_recordings_of_calls_made_good_go_and_what_they_said_stays(database: Database, tmp_path: Path) -> None:
    folder = tmp_path / "recordings"
    folder.mkdir()
    files = [folder / f"{name}.wav" for name in ("done", "open", "comment")]
    for file in files:
        file.touch()
    done, still_open = wish(str(files[0])), wish(str(files[1]))
    first, _second = keep(database, done, still_open)
    make_done(database, first)
    with database.writing() as session:
        save_survey(session, new_id(), None, NOW, score=3, comment_recording=str(files[2]), transcript="cepat")
        session.commit()

    assert forget_old_recordings(database, folder, NOW) == 0
    assert forget_old_recordings(database, folder, NOW + timedelta(seconds=1)) == 2
    assert [file.exists() for file in files] == [False, True, False]
    assert tasks(database)[done.interaction_id].recording == ""
    assert tasks(database)[still_open.interaction_id].recording == str(files[1])
    with database.reading() as session:
        answer = session.scalars(select(SurveyAnswer)).one()
    assert (answer.comment_recording, answer.transcript) == ("", "cepat")


def test_a_card_number_that_was_said_is_not_written_down_and_its_recording_is_marked(database: Database) -> None:
    card, other = wish("/r/1.wav"), wish("/r/2.wav")
    keep(database, card, other)
    with database.writing() as session:
        save_survey(session, new_id(), None, NOW, score=4, comment_recording="/r/c.wav")
        session.commit()
    number = "empat " + "satu " * 15
    said: dict[str, str | None] = {"1.wav": f"kartu saya {number}tolong", "2.wav": "tolong", "c.wav": number}
    transcribe_waiting(database, FakeTranscriber(said))

    found = tasks(database)
    assert found[card.interaction_id].transcript == f"kartu saya {MASK} tolong"
    assert [found[each.interaction_id].may_hold_card for each in (card, other)] == [True, False]
    with database.reading() as session:
        answer = session.scalars(select(SurveyAnswer)).one()
    assert (answer.transcript.strip(), answer.may_hold_card) == (MASK, True)


def test_a_recording_that_may_hold_a_card_goes_sooner(database: Database, tmp_path: Path) -> None:
    folder = tmp_path / "recordings"
    folder.mkdir()
    card, other, not_made = [wish(str(folder / f"{number}.wav")) for number in range(3)]
    first, second, _third = keep(database, card, other, not_made)
    for task_id in (first, second):
        make_done(database, task_id)
    with database.writing() as session:
        marked = [card.interaction_id, not_made.interaction_id]
        session.execute(update(CallbackTask).where(CallbackTask.interaction_id.in_(marked)).values(may_hold_card=True))
        session.commit()

    long_ago = NOW - timedelta(days=90)
    assert forget_old_recordings(database, folder, long_ago, cards_before=NOW) == 0
    assert forget_old_recordings(database, folder, long_ago, cards_before=NOW + timedelta(seconds=1)) == 1
    kept = {each.interaction_id for each in tasks(database).values() if each.recording}
    assert kept == {other.interaction_id, not_made.interaction_id}


def test_no_file_outside_of_the_folder_is_ever_deleted(database: Database, tmp_path: Path) -> None:
    precious = tmp_path / "halo.db"
    precious.touch()
    (task_id,) = keep(database, wish(str(tmp_path / "recordings" / ".." / "halo.db")))
    make_done(database, task_id)
    forget_old_recordings(database, tmp_path / "recordings", NOW + timedelta(days=1))
    assert precious.exists()


def test_who_was_promised_a_call_and_reached_a_person_after_all_is_not_called_back(database: Database) -> None:
    before, after, never = (wish() for _ in range(3))
    keep(database, before, after, never)
    minute = timedelta(minutes=1)
    with database.writing() as session:
        for each, answered_at in ((before, NOW - minute), (after, NOW + minute), (never, None)):
            session.add(
                Interaction(id=each.interaction_id, started_at=NOW - 2 * minute, answered_at=answered_at, agent_id="1001")
            )  # fmt: skip
        session.commit()
    told: list[Event] = []
    assert settle_those_answered(database, NOW + 2 * minute, told.append) == 1
    assert settle_those_answered(database, NOW + 2 * minute, told.append) == 0
    found = tasks(database)
    settled = found[after.interaction_id]
    assert (settled.state, settled.agent_id, settled.done_at) == (TaskState.DONE, "1001", NOW + minute)
    assert {found[each.interaction_id].state for each in (before, never)} == {TaskState.OPEN}
    assert [(event.interaction_id, event.data["change"]) for event in told] == [(after.interaction_id, "done")]
