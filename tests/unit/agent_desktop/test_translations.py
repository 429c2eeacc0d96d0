"""Everything that people read exists in Indonesian and English."""

import io
import re
import string
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

import agent_desktop

PACKAGE = Path(agent_desktop.__file__).parent
SCRIPTS = PACKAGE / "frontend" / "src"
METHODS = [("**.py", "python"), ("templates/**.html", "jinja2")]
KEYWORDS = {"_": None, "_later": None, "_marked": None, "gettext": None, "ngettext": (1, 2)}


def written() -> set[str]:
    found = extract_from_dir(PACKAGE, METHODS, {"templates/**.html": {"trimmed": "true"}}, KEYWORDS)
    return {message if isinstance(message, str) else message[0] for _file, _line, message, _comments, _context in found}


def catalogue(language: str) -> Catalog:
    file = PACKAGE / "translations" / language / "LC_MESSAGES" / "messages.po"
    return read_po(io.BytesIO(file.read_bytes()), locale=language)


def known(language: str) -> dict[str, tuple[str, ...]]:
    texts = {}
    for message in catalogue(language):
        if message.id:
            name = message.id if isinstance(message.id, str) else message.id[0]
            texts[name] = (message.string,) if isinstance(message.string, str) else tuple(message.string)
    return texts


def test_the_pages_have_texts_to_translate() -> None:
    assert len(written()) > 200


def test_every_text_of_the_pages_has_indonesian_words() -> None:
    indonesian = known("id")
    assert sorted(text for text in written() if not all(indonesian.get(text, ("",)))) == []


@pytest.mark.parametrize("language", ["id", "en"])
def test_a_catalogue_holds_nothing_that_no_page_says(language: str) -> None:
    assert sorted(set(known(language)) ^ written()) == []


def test_translations_keep_the_fields_of_their_text() -> None:
    def fields(text: str) -> set[str]:
        return set(re.findall(r"%\((\w+)\)", text)) | {name for _, name, _, _ in string.Formatter().parse(text) if name}

    wrong = [text for text, words in known("id").items() for each in words if fields(text) != fields(each)]
    assert wrong == []


def keys_of_the_scripts() -> set[str]:
    source = "\n".join(file.read_text(encoding="utf-8") for file in SCRIPTS.rglob("*.ts"))
    plain = set(re.findall(r'\bword\("(\w+)"', source)) | set(re.findall(r'\bsay\("(\w+)"', source))
    return plain | set(re.findall(r'"((?:mic|phone|line|theme|note)_\w+)"', source))


def keys_given() -> set[str]:
    said = "".join(file.read_text(encoding="utf-8") for file in sorted(PACKAGE.glob("*page_words.py")))
    return set(re.findall(r'^\s+"(\w+)": _\(', said, re.MULTILINE))


def test_every_word_that_a_script_says_is_given_to_it() -> None:
    assert keys_of_the_scripts() - keys_given() == set()


def test_every_word_given_to_the_scripts_is_said() -> None:
    source = "\n".join(file.read_text(encoding="utf-8") for file in SCRIPTS.rglob("*.ts"))
    families = set(re.findall(r"`(\w+)_\$\{", source))
    unsaid = {key for key in keys_given() if f'"{key}"' not in source and key.partition("_")[0] not in families}
    assert unsaid == set()


def test_no_text_stands_untranslated_in_a_template() -> None:
    visible = re.compile(r">\s*([A-Za-z][a-z]{3,}[^<>{}]*)<")
    allowed = {"Bahasa Indonesia", "English", "Halo", "Enter", "Ctrl K", "Ctrl F", "Ctrl Z", "Ctrl ↵"}
    found = {
        f"{file.name}: {text.strip()}"
        for file in (PACKAGE / "templates").rglob("*.html")
        for text in visible.findall(re.sub(r"\{[{%#].*?[}%#]\}", "{}", file.read_text(encoding="utf-8"), flags=re.DOTALL))
        if text.strip() not in allowed
    }
    assert found == set()
