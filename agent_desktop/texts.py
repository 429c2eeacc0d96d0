"""The texts of the pages, translated: `_` now, `_later` when they are shown."""

from flask_babel import gettext, lazy_gettext
from flask_babel import ngettext as _plural
from flask_babel.speaklater import LazyString


def _(text: str, **values: object) -> str:
    """The text in the language of this request, with its %(values)s filled."""
    return str(gettext(text, **values))


def ngettext(one: str, many: str, count: int, **values: object) -> str:
    """The text for this count, %(num)d, in the language of this request."""
    return str(_plural(one, many, count, **values))


def _later(text: str) -> LazyString:
    """A text that is translated each time it is shown; for tables made once."""
    lazy: LazyString = lazy_gettext(text)
    return lazy


def _marked(text: str) -> str:
    """The text as it is, for the translators to find; whoever shows it translates it."""
    return text
