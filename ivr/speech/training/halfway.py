"""Half-way between a model and what a training made of it: new voices are learnt and the old ones not forgotten.

Wortsman et al., "Robust fine-tuning of zero-shot models", CVPR 2022: weights of a network and of its further training can be
averaged, and do better on what neither was trained with than either.
"""

from collections.abc import Iterable, Mapping

import torch

from ivr.speech.training.network import Network

Weights = Mapping[str, torch.Tensor]


def weights_of(network: Network) -> dict[str, torch.Tensor]:
    """A copy of all its numbers."""
    return {name: value.detach().clone() for name, value in network.state_dict().items()}


def meet_halfway(network: Network, begun: Weights, sounds: Iterable[torch.Tensor]) -> None:
    """Put the network half-way back to `begun`. `sounds` are features as it takes them: its normalisations are learnt anew."""
    now = network.state_dict()
    network.load_state_dict(
        {name: (value + begun[name]) / 2 if value.is_floating_point() else value for name, value in now.items()}
    )
    for norm in network.norms:
        norm.reset_running_stats()
        norm.momentum = None  # the plain mean of all that comes
    dropout, network.dropout.p = network.dropout.p, 0.0
    network.train()
    with torch.no_grad():
        for features in sounds:
            network(features)
    network.dropout.p = dropout
    network.eval()
