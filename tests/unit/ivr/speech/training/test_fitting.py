"""A training that was broken off goes on where it was, and ends like one that was not."""

import random
from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="only where the speech model is trained: pip install '.[train]'")

from core.clock import SystemClock  # noqa: E402
from ivr.speech.training.checkpoint import Checkpoint, Reached  # noqa: E402
from ivr.speech.training.features import FEATURES, Example  # noqa: E402
from ivr.speech.training.fitting import Plan, fit  # noqa: E402
from ivr.speech.training.network import Network  # noqa: E402
from ivr.speech.training.phone_model import count_phones  # noqa: E402

WORDS = ((("d", "uw", "aa"),), (("s", "aa", "t", "uw"), ("n", "ow", "l")))


def examples() -> list[Example]:
    chance = np.random.default_rng(3)
    return [Example(chance.normal(size=(60 + place % 7, FEATURES)).astype(np.float16), WORDS[place % 2]) for place in range(60)]


class Broken(Exception):
    """Somebody pulls the plug."""


def trained(file: Path, breaks_after: int = 0) -> dict[str, "torch.Tensor"]:
    torch.manual_seed(1)
    network, told = Network(hidden=8), []

    def tell(words: str) -> None:
        told.append(words)
        if len(told) == breaks_after:
            raise Broken

    made = examples()
    fit(network, made, count_phones([each.phones for each in made], 1), Plan(3), SystemClock(), tell, Checkpoint(file, "these"))
    return network.state_dict()


def test_a_broken_training_ends_like_a_whole_one(tmp_path: Path) -> None:
    whole = trained(tmp_path / "whole.pt")
    with pytest.raises(Broken):
        trained(tmp_path / "broken.pt", breaks_after=2)
    went_on = trained(tmp_path / "broken.pt")
    assert all(torch.equal(whole[name], went_on[name]) for name in whole)


def test_a_checkpoint_of_something_else_counts_for_nothing(tmp_path: Path) -> None:
    network = Network(hidden=8)
    optimiser = torch.optim.AdamW(network.parameters())
    chance = random.Random(1)
    ten, five = (Checkpoint(tmp_path / "checkpoint.pt", of) for of in ("ten hours", "five hours"))
    ten.keep(Reached(epochs=1, steps=40, minutes=2.0), network, optimiser, chance)
    assert ten.restore(network, optimiser, chance) == Reached(epochs=1, steps=40, minutes=2.0)
    assert five.restore(network, optimiser, chance) == Reached()
