"""Every fault of a file of skills is told in the reader's language, with what to write instead."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from flask import Flask
from flask_babel import Babel, force_locale

import agent_desktop
from agent_desktop.skill_file import Cause, Fault
from agent_desktop.skill_file_words import fault_words

TRANSLATIONS = Path(agent_desktop.__file__).parent / "translations"


@pytest.fixture(params=["id", "en"])
def language(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The catalogues as they stand in the sources, compiled apart."""
    for source in TRANSLATIONS.glob("*/LC_MESSAGES/messages.po"):
        target = tmp_path / source.relative_to(TRANSLATIONS).with_suffix(".mo")
        target.parent.mkdir(parents=True)
        with source.open("rb") as read, target.open("wb") as written:
            write_mo(written, read_po(read))
    app = Flask("pages")
    Babel(app, default_translation_directories=str(tmp_path))
    with app.app_context(), force_locale(request.param):
        yield request.param


def test_each_cause_has_words_of_its_own_that_name_what_stands_there(language: str) -> None:
    told = {cause: fault_words(Fault(3, cause, "so-and-so", "17")) for cause in Cause}
    assert len({what for what, _instead in told.values()}) == len(Cause)
    assert all(instead for _what, instead in told.values())
    for cause in set(Cause) - {Cause.NOT_UTF8, Cause.QUOTES}:
        assert "so-and-so" in told[cause][0]
    assert told[Cause.NO_AGENT][1] == {"id": "Tulis 17.", "en": "Write 17."}[language]
    assert "100" in told[Cause.TOO_MANY][0]


def test_what_may_be_meant_is_named_only_when_it_is_known(language: str) -> None:
    for cause in (Cause.NO_AGENT, Cause.SKILL_NAME):
        assert fault_words(Fault(2, cause, "x", ""))[1] != fault_words(Fault(2, cause, "x", "y"))[1]
    assert "agent,skill,proficiency" in fault_words(Fault(1, Cause.HEADER))[1]


def test_a_long_value_is_shown_shortened(language: str) -> None:
    assert len(fault_words(Fault(2, Cause.SKILL_NAME, "x" * 5000))[0]) < 150
