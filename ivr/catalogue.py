"""The sentences that callers hear, by key and language, checked when they are loaded."""

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from string import Formatter

import yaml

from core.errors import BadInput
from ivr.line import Prompt
from ivr.spoken import LANGUAGES

SHIPPED_FOLDER = Path(__file__).with_name("catalogue")
_KEY = re.compile(r"[a-z][a-z0-9_]{0,63}")
_NEXT_STEP = "Correct the file; both languages need the same keys with the same fields."


class Catalogue:
    """All sentences. Both languages hold the same keys, and each key the same fields in both."""

    def __init__(self, sentences: Mapping[str, Mapping[str, str]]) -> None:
        self._sentences = sentences

    def text_of(self, prompt: Prompt) -> str:
        """The words to speak. Raises BadInput for an unknown key or language, or a field without its value."""
        sentence = prompt.text or self._sentences.get(prompt.language, {}).get(prompt.key)
        if sentence is None:
            raise BadInput(
                f"There is no sentence {prompt.key!r} in language {prompt.language!r}.", f"Add it to {SHIPPED_FOLDER.name}."
            )
        missing = fields_of(sentence) - prompt.values.keys()
        if missing:
            raise BadInput(f"Sentence {prompt.key!r} was given no {', '.join(sorted(missing))}.", "Give every field a value.")
        return sentence.format_map(prompt.values)

    def changes(self, prompt: Prompt) -> bool:
        """Whether the sentence has words that change from caller to caller."""
        return bool(fields_of(prompt.text or self._sentences[LANGUAGES[0]][prompt.key]))

    def all_keys(self) -> list[str]:
        """Every key, in the order of the file."""
        return list(self._sentences[LANGUAGES[0]])

    def fixed_prompts(self) -> list[Prompt]:
        """Every sentence without fields, in every language: what can be spoken before anybody calls."""
        return [
            Prompt(key, language) for language in LANGUAGES for key in self.all_keys() if not self.changes(Prompt(key, language))
        ]


def load_catalogue(folder: Path = SHIPPED_FOLDER) -> Catalogue:
    """Read and check `<language>.yaml` for every language. Raises BadInput that names the file and the key."""
    sentences = {language: _read(folder / f"{language}.yaml") for language in LANGUAGES}
    first, *others = LANGUAGES
    for language in others:
        here, there = sentences[first], sentences[language]
        unmatched = sorted(here.keys() ^ there.keys())
        if unmatched:
            raise BadInput(f"{folder}: only one of {first} and {language} has {', '.join(unmatched)}.", _NEXT_STEP)
        for key in here:
            if fields_of(here[key]) != fields_of(there[key]):
                raise BadInput(f"{folder}: {key} has other fields in {language} than in {first}.", _NEXT_STEP)
    return Catalogue(sentences)


@cache
def shipped_catalogue() -> Catalogue:
    """The sentences that Halo ships, read once."""
    return load_catalogue()


def text_of(prompt: Prompt) -> str:
    """The words of a prompt from the shipped sentences; see Catalogue.text_of."""
    return shipped_catalogue().text_of(prompt)


def fields_of(sentence: str) -> set[str]:
    """The names in {braces}."""
    return {name for _text, name, _format, _conversion in Formatter().parse(sentence) if name is not None}


def _read(file: Path) -> dict[str, str]:
    try:
        content = yaml.safe_load(file.read_text(encoding="utf-8"))
    except (OSError, yaml.YAMLError) as problem:
        raise BadInput(f"{file} can't be read: {problem}.", "Correct the file and try again.") from None
    if not isinstance(content, dict):
        raise BadInput(f"{file} holds no sentences.", "Write one `key: sentence` on each line.")
    for key, sentence in content.items():
        if not isinstance(key, str) or not _KEY.fullmatch(key):
            raise BadInput(f"{file}: {key!r} is no key.", "Use small letters, digits and _; a recording is named by it.")
        if not isinstance(sentence, str) or not sentence.strip():
            raise BadInput(f"{file}: {key} has no sentence.", _NEXT_STEP)
        try:
            names = fields_of(sentence)
        except ValueError as problem:
            raise BadInput(f"{file}: {key}: {problem}.", "Braces stand around field names only.") from None
        if not all(name.isidentifier() for name in names):
            raise BadInput(f"{file}: {key} has a field without a plain name.", "Write fields as {name}.")
    return content
