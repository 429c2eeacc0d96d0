"""Numbers as people read and type them in either language."""

import pytest
from flask import Flask
from flask_babel import Babel

from agent_desktop.formats import as_typed, decimal


@pytest.mark.parametrize(
    ("language", "typed", "rounded", "shown"), [("id", "1234,5", "2,67", "1.234,50"), ("en", "1234.5", "2.67", "1,234.50")]
)
def test_a_number_is_written_as_its_readers_language_has_it(language: str, typed: str, rounded: str, shown: str) -> None:
    app = Flask("numbers")
    Babel(app, locale_selector=lambda: language)
    with app.test_request_context():
        assert (as_typed(1234.5), as_typed(2.667), as_typed(7.0)) == (typed, rounded, "7")
        assert decimal(1234.5, 2) == shown
