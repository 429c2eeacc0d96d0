"""What an order to publish came upon is told in the reader's language."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask_babel import Babel, force_locale

import agent_desktop
from agent_desktop.flow_remark_words import remark_in_words
from core.problem import Problem
from ivr.conversations.deviation import Deviation, Way
from ivr.flow_remark import Remark, remark_on_conversation, remark_on_fault, remarks_from_json, remarks_to_json

TRANSLATIONS = Path(agent_desktop.__file__).parent / "translations"


@pytest.fixture(params=["id", "en"])
def language(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The catalogues as they stand in the sources, compiled apart."""
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    for source in TRANSLATIONS.glob("*/LC_MESSAGES/messages.po"):
        target = tmp_path / source.relative_to(TRANSLATIONS).with_suffix(".mo")
        target.parent.mkdir(parents=True)
        with source.open("rb") as read, target.open("wb") as written:
            write_mo(written, read_po(read))
    app = Flask("pages")
    Babel(app, default_translation_directories=str(tmp_path))
    with app.app_context(), force_locale(request.param):
        yield request.param


def otherwise(way: Way, instead: str = 'goodbye "Sampai jumpa."') -> Remark:
    return remark_on_conversation("Who asks for sales", Deviation(way, "sales.txt", 7, "greeting_morning", instead))


def test_each_way_has_its_own_words_in_both_languages(language: str) -> None:
    said = [remark_in_words(otherwise(way)) for way in Way]
    assert len(set(said)) == len(Way)
    for words in said:
        assert words.startswith("Who asks for sales (sales.txt, ")
        assert ("baris 7" if language == "id" else "line 7") in words
        assert language == "en" or not {"expected", "heard", "ended"} & set(words.replace(",", " ").split())


def test_a_fault_is_told_as_the_check_tells_it(language: str) -> None:
    words = remark_in_words(remark_on_fault(Problem("hotline, line 3", "There is no menu 'sail'.", "Name a menu of this file.")))
    assert words.startswith("Baris 3: " if language == "id" else "Line 3: ")
    assert "'sail'" in words
    assert ("There is no menu" in words) is (language == "en")


def test_what_has_no_words_stays_in_english(language: str) -> None:
    for text, code in (("The voice does not answer.", ""), ("Something new.", "of_a_later_version")):
        assert remark_in_words(Remark(text, code)) == text


def test_a_remark_is_read_as_it_was_written_and_so_is_a_text_alone() -> None:
    remarks = [otherwise(way) for way in Way] + [Remark("Redis does not answer.")]
    assert remarks_from_json(remarks_to_json(remarks)) == remarks
    assert remarks_from_json('["as it was written once"]') == [Remark("as it was written once")]
    assert len(remarks_from_json(remarks_to_json([Remark("x" * 9000)] * 99))) == 20


@pytest.mark.parametrize(
    ("way", "instead", "english"),
    [
        (Way.HEARD_OTHER, "bye", "sales.txt, line 7: expected greeting_morning; heard instead: bye."),
        (Way.HEARD_NOTHING, "", "sales.txt, line 7: expected greeting_morning; heard instead: nothing."),
        (Way.HEARD_UNWANTED, "bye", "sales.txt, line 7: expected not greeting_morning; heard instead: bye."),
        (Way.NOT_ENDED, "", "sales.txt, line 7: expected the end of the call; heard instead: a question: nothing."),
    ],
)
def test_the_command_line_says_it_in_english(way: Way, instead: str, english: str) -> None:
    assert otherwise(way, instead).text == f"Who asks for sales: {english}"
