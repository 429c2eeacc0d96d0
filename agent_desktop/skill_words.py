"""Skills as people call them: that of a queue by the queue's label, that of a language by the language's name."""

from functools import cache

from babel import Locale

from agent_desktop.flow_names import queue_name
from agent_desktop.languages import language_here


def skill_words(skill: str) -> str:
    """The skill in the reader's language; one that is neither a queue's nor a language's as it was named, without its signs."""
    label = queue_name(skill)
    if label != skill:
        return label
    code = _language_codes().get(skill)
    name = Locale(language_here()).languages.get(code) if code else None
    return name or skill.replace("_", " ").replace("-", " ").capitalize()


@cache
def _language_codes() -> dict[str, str]:
    """Codes of languages by their English names in small letters, as skills are named: javanese, mandarin_chinese."""
    return {name.lower().replace(" ", "_"): code for code, name in Locale("en").languages.items() if "_" not in code}
