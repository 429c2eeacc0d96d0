"""A network that was trained on ends in the middle between what it was and what it became."""

import pytest

torch = pytest.importorskip("torch", reason="only where the speech model is trained: pip install '.[train]'")

from ivr.speech.training.features import FEATURES  # noqa: E402
from ivr.speech.training.halfway import meet_halfway, weights_of  # noqa: E402
from ivr.speech.training.network import Network  # noqa: E402


def moved() -> tuple[Network, dict[str, "torch.Tensor"]]:
    torch.manual_seed(1)
    network = Network(hidden=8)
    begun = weights_of(network)
    for value in network.parameters():
        value.data += torch.randn_like(value)
    return network, begun


def test_weights_are_the_mean_of_both() -> None:
    network, begun = moved()
    trained = weights_of(network)
    meet_halfway(network, begun, [torch.randn(4, 90, FEATURES)])
    for name, value in network.named_parameters():
        assert torch.allclose(value, (begun[name] + trained[name]) / 2), name


def test_normalisations_are_those_of_the_new_answers() -> None:
    network, begun = moved()
    sounds = [torch.randn(4, 90, FEATURES) for _ in range(3)]
    meet_halfway(network, begun, sounds)
    with torch.no_grad():
        first = [torch.relu(network.layers[0](((each - network.mean) * network.scale).transpose(1, 2))) for each in sounds]
    assert torch.allclose(network.norms[0].running_mean, torch.stack([each.mean((0, 2)) for each in first]).mean(0), atol=0.02)


def test_it_answers_the_same_each_time_after_that() -> None:
    network, begun = moved()
    sounds = torch.randn(2, 90, FEATURES)
    meet_halfway(network, begun, [sounds])
    with torch.no_grad():
        assert torch.equal(network(sounds), network(sounds))
