"""From nothing to a model folder: synthesise, send over telephone lines, train, write. Each step is kept and not done twice."""

import pickle
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path

import torch

from core.clock import SystemClock
from ivr.speech.model_folder import load_model_folder
from ivr.speech.training.checkpoint import Checkpoint
from ivr.speech.training.corpus import Corpus, join_corpora, write_corpus
from ivr.speech.training.data_card import Training, data_card
from ivr.speech.training.features import Example, examples_of
from ivr.speech.training.fitting import Plan, fit
from ivr.speech.training.kaldi_model import read_final_mdl
from ivr.speech.training.model_writer import About, write_model
from ivr.speech.training.network import Network, affine_layers
from ivr.speech.training.phone_model import count_phones, known_phones
from ivr.speech.training.synthesis import PARTS, Part, synthesise

NAME, VERSION = "halo-small", 3
LICENCE = "as Halo; trained on synthesised speech only, see DATA_CARD.md"
UNKNOWN_PENALTY = 0.0  # lower refuses more strangers' words and more rightly said ones; 0 was best of 0, -0.35 and -0.7
LINES_FOR_EACH = 4


@dataclass(frozen=True, slots=True)
class Order:
    """What to train: `hours` of speech, at most `epochs` passes or `minutes` (0: no limit), everything drawn from `seed`.

    `begin` is the folder of a model to go on from; without it, from nothing.
    """

    out: Path
    hours: float
    epochs: int
    minutes: float
    seed: int
    begin: Path | None = None


def train_model(order: Order, tell: Callable[[str], None]) -> None:
    """Write the model to `order.out` and what it is made from to `order.out` / "work"."""
    work = order.out / "work"
    corpus = _spoken(work, order, tell)
    tell(f"{len(corpus)} phrases, {corpus.hours:.1f} hours of speech")
    examples = _examples(work, corpus, order, tell)
    phones = count_phones([example.phones for example in examples], order.seed)
    network = Network()
    plan = Plan(order.epochs, order.minutes, order.seed, goes_on=order.begin is not None)
    layers = read_final_mdl(order.begin / "am" / "final.mdl") if order.begin else []
    checkpoint = Checkpoint(work / "checkpoint.pt", f"{order.hours:g} h, {plan}, {order.begin}")
    fitted = fit(network, examples, phones, plan, SystemClock(), tell, checkpoint, layers)
    torch.save({"network": network.state_dict(), "phones": asdict(phones)}, work / "network.pt")
    begun = load_model_folder(order.begin).version if order.begin else 0
    training = Training(
        len(corpus), corpus.hours, LINES_FOR_EACH, fitted.epochs, order.minutes, order.seed, fitted.objective, begun
    )
    about = About(NAME, VERSION, LICENCE, UNKNOWN_PENALTY, {}, data_card(training, VERSION, {}))
    network.eval()
    write_model(order.out / NAME, affine_layers(network), known_phones(phones), about)


def _spoken(work: Path, order: Order, tell: Callable[[str], None]) -> Corpus:
    folder = work / f"corpus-{order.hours:g}h-{order.seed}"
    if not folder.is_dir():
        scratch = folder.with_name(f"{folder.name}.new")
        places = [scratch / f"{language}-{engine}" for language, engine, _share in PARTS]
        with ProcessPoolExecutor() as processes:
            makes = [processes.submit(_speak, place, part, order) for place, part in zip(places, PARTS, strict=True)]
            for (language, engine, _share), made in zip(PARTS, makes, strict=True):
                tell(f"{engine} spoke {made.result()} phrases of language {language}")
        join_corpora(scratch, places)
        scratch.rename(folder)
    return Corpus(folder)


def _speak(place: Path, part: Part, order: Order) -> int:
    if not place.is_dir():
        scratch = place.with_name(f"{place.name}.new")
        write_corpus(scratch, synthesise(part, order.hours, order.seed))
        scratch.rename(place)
    return len(Corpus(place))


def _examples(work: Path, corpus: Corpus, order: Order, tell: Callable[[str], None]) -> list[Example]:
    files = [work / f"examples-{order.hours:g}h-{order.seed}-{copy}.pickle" for copy in range(LINES_FOR_EACH)]
    tell(f"sending each phrase over {LINES_FOR_EACH} telephone lines")
    with ProcessPoolExecutor() as processes:
        for made in [processes.submit(_carry, file, corpus.folder, order.seed, copy) for copy, file in enumerate(files)]:
            made.result()
    examples: list[Example] = []
    for file in files:
        with file.open("rb") as source:
            examples += pickle.load(source)  # noqa: S301  (our own file, written by _carry)
    return examples


def _carry(file: Path, corpus: Path, seed: int, copy: int) -> None:
    if not file.is_file():
        scratch = file.with_suffix(".new")
        with scratch.open("wb") as target:
            pickle.dump(examples_of(Corpus(corpus), copy, seed), target, protocol=4)
        scratch.rename(file)
