"""A training goes on from a model that was written, and from the material that was spoken before it was broken off."""

from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="only where the speech model is trained: pip install '.[train]'")

from core.clock import SystemClock  # noqa: E402
from ivr.speech.model_folder import SHIPPED_FOLDER  # noqa: E402
from ivr.speech.training.checkpoint import Checkpoint  # noqa: E402
from ivr.speech.training.corpus import Utterance, write_corpus  # noqa: E402
from ivr.speech.training.features import FEATURES, Example  # noqa: E402
from ivr.speech.training.fitting import Plan, fit  # noqa: E402
from ivr.speech.training.kaldi_model import read_final_mdl, write_final_mdl  # noqa: E402
from ivr.speech.training.network import CONTEXT, Network, affine_layers  # noqa: E402
from ivr.speech.training.phone_model import count_phones  # noqa: E402
from ivr.speech.training.pipeline import Order, _speak  # noqa: E402

MODEL = SHIPPED_FOLDER / "am" / "final.mdl"


def sounds(frames: int) -> np.ndarray:
    wave = np.random.default_rng(1).normal(0, 10, (frames, FEATURES)).astype(np.float32)
    wave[:, 0] += 60
    return wave


def test_what_is_read_of_a_model_is_written_as_the_same_model(tmp_path: Path) -> None:
    layers = read_final_mdl(MODEL)
    write_final_mdl(tmp_path / "again.mdl", layers)
    again = read_final_mdl(tmp_path / "again.mdl")
    assert [weight.shape for weight, _ in again] == [weight.shape for weight, _ in layers]
    for (weight, bias), (same, same_bias) in zip(layers, again, strict=True):
        assert same == pytest.approx(weight, abs=(weight.max() - weight.min()) / 200)
        assert same_bias == pytest.approx(bias, rel=1e-6)


def test_a_network_that_begins_from_a_model_answers_as_it() -> None:
    layers, features = read_final_mdl(MODEL), sounds(600)
    network = Network()
    network.begin_from(layers, features)
    for (weight, bias), (same, same_bias) in zip(layers, affine_layers(network), strict=True):
        assert same == pytest.approx(weight, abs=1e-3)
        assert same_bias == pytest.approx(bias, abs=2e-2)


def test_training_on_moves_little_where_there_is_nothing_to_learn(tmp_path: Path) -> None:
    """One step at the warm-up's rate changes answers less than beginning from nothing does."""
    layers = read_final_mdl(MODEL)
    examples = [Example(sounds(60 + place).astype(np.float16), ((("s", "aa"),))) for place in range(20)]
    phones = count_phones([each.phones for each in examples], 1)
    plan, network = Plan(1, goes_on=True), Network()
    fit(network, examples, phones, plan, SystemClock(), lambda _told: None, Checkpoint(tmp_path / "a.pt", "a"), layers)
    network.eval()
    begun, fresh = Network(), Network()
    begun.begin_from(layers, sounds(600))
    for other in (begun, fresh):
        other.eval()
    hidden = torch.from_numpy(sounds(60 + 2 * CONTEXT))[None]
    with torch.no_grad():
        after, before, nothing = (each(hidden) for each in (network, begun, fresh))
    assert float((after - before).abs().mean()) < 0.3 * float((nothing - before).abs().mean())


def test_a_part_that_was_spoken_is_not_spoken_again(tmp_path: Path) -> None:
    said = Utterance("id", "nobody", "f1", ("satu",), (("s", "aa"),), np.ones(100, np.int16))
    write_corpus(tmp_path / "id-nobody", [said] * 3)
    order, part = Order(tmp_path, 1.0, 1, 0.0, 1), ("id", "nobody", 1.0)
    assert _speak(tmp_path / "id-nobody", part, order) == 3
    with pytest.raises(KeyError, match="nobody"):
        _speak(tmp_path / "id-other", part, order)
    assert not (tmp_path / "id-other").exists(), "what was begun is no part yet"


def test_a_unit_that_fell_silent_changes_no_answer_and_has_no_weight_that_dwarfs_the_others() -> None:
    torch.manual_seed(1)
    network, features = Network(), torch.from_numpy(sounds(60 + 2 * CONTEXT))[None]
    with torch.no_grad():
        network.layers[2].bias[5] = -1000.0
        network.train()
        for _ in range(200):
            network(features)
        network.eval()
        answers = network(features)
    layers = affine_layers(network)
    assert np.abs(layers[3][0]).max() < 10 * np.abs(layers[3][0]).mean(), "they share 8 bits"
    back = Network()
    back.begin_from(layers, sounds(600))
    back.eval()
    with torch.no_grad():
        assert back(features).numpy() == pytest.approx(
            answers.numpy(), abs=0.25 * float(answers.std())
        )  # some processors compute in 16 bits
