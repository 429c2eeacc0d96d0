"""A Vosk model that hears numbers of one form: the sounds of a speech set's model, with a graph of whole numbers.

Vosk makes a grammar that it is told at run time into pairs of words, which can't count; a graph that lies in the model's own
folder is searched as it is.
"""

import os
from pathlib import Path

from ivr.hearing import DOUBLE_WORDS
from ivr.number_form import NumberForm
from ivr.speech.grammars import GrammarSource
from ivr.speech.number_graph import number_graph
from ivr.speech.pronunciation import DIGITS, Lexicon
from ivr.speech.word_graph import PhoneCosts, write_graph

_SHARED_FILES = ("am/final.mdl", "conf/mfcc.conf")
_CONF = "conf/model.conf"
_ENDPOINTS = "--endpoint.rule"
# How long nobody speaks before it is over, by what ending there costs (Kaldi's rules 2 to 4): a whole number, one that may go on,
# and one that can't be all, which is waited for as long as people pause over a slip of paper. See the costs in number_graph.
_ENDS = (
    "2.min-trailing-silence=0.35", "2.max-relative-cost=2.0",
    "3.min-trailing-silence=1.0", "3.max-relative-cost=5.0",
    "4.min-trailing-silence=2.0",
)  # fmt: skip


def write_number_model(
    folder: Path, base: Path, form: NumberForm, grammar: GrammarSource, lexicon: Lexicon, costs: PhoneCosts
) -> None:
    """Write it into `folder`, which must not exist. What does not differ from the model in `base` is the same file.

    Raises OSError.
    """
    for name in (*_SHARED_FILES, _CONF):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
    for name in _SHARED_FILES:
        os.link(base / name, folder / name)
    lines = [line for line in (base / _CONF).read_text(encoding="ascii").splitlines() if not line.startswith(_ENDPOINTS)]
    lines += [f"{_ENDPOINTS}{rule}" for rule in _ENDS]
    (folder / _CONF).write_text("\n".join(lines) + "\n", encoding="ascii")
    phrases, languages = grammar.all_phrases(), grammar.digits
    wanted = {word for phrase in phrases for word in phrase.split()}
    wanted |= {word for language in languages for word in (*DIGITS[language], *DOUBLE_WORDS[language])}
    words = {word: ways for word, ways in lexicon.words.items() if word in wanted}
    (folder / "graph").mkdir()
    write_graph(folder / "graph", words, costs, lambda numbers: number_graph(form, languages, phrases, numbers))
