"""The acoustic network: a time-delay network that scores, every 30 ms, each phone's beginning and its going on."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import torch
from torch import nn

from ivr.speech.phones import PHONES, SILENCE
from ivr.speech.training.features import FEATURES

ALL_PHONES = (SILENCE, *PHONES)
PHONE_NUMBERS = {phone: number for number, phone in enumerate(ALL_PHONES)}
COUNT = len(ALL_PHONES)
HIDDEN = 256
OFFSETS = ((-2, -1, 0, 1, 2), (-1, 0, 1), (-3, 0, 3), (-3, 0, 3), (-3, 0, 3), (-3, 0, 3))
"""Frames that each layer sees, relative to its own; together 15 to either side."""
CONTEXT = 15
SUBSAMPLING = 3
_DROPOUT = 0.08
_SIXTEEN_BITS = torch.cpu.get_capabilities().get("avx512_bf16", False)
"""Whether the processor computes in them: then that is faster by half; elsewhere far slower."""
_EPSILON, _OF_SILENT = 1e-5, 50.0
Array = np.ndarray[Any, Any]


class Network(nn.Module):  # type: ignore[misc]  # torch is not installed where types are checked
    """Features (batch, frames + 2 × CONTEXT, 40) to scores (batch, ceil(frames / 3), 2 × COUNT): beginnings, then goings-on."""

    def __init__(self, hidden: int = HIDDEN) -> None:
        super().__init__()
        self.mean = nn.Parameter(torch.zeros(FEATURES), requires_grad=False)
        self.scale = nn.Parameter(torch.ones(FEATURES), requires_grad=False)
        first = [nn.Conv1d(FEATURES, hidden, 5), nn.Conv1d(hidden, hidden, 3, stride=SUBSAMPLING)]
        self.layers = nn.ModuleList([*first, *(nn.Conv1d(hidden, hidden, 3) for _ in OFFSETS[2:])])
        self.norms = nn.ModuleList(nn.BatchNorm1d(hidden, eps=_EPSILON) for _ in OFFSETS)
        self.output = nn.Conv1d(hidden, 2 * COUNT, 1)
        self.dropout = nn.Dropout(_DROPOUT)

    def forward(self, features: torch.Tensor) -> torch.Tensor:
        """See the class."""
        now = ((features - self.mean) * self.scale).transpose(1, 2)
        with torch.autocast("cpu", torch.bfloat16, enabled=_SIXTEEN_BITS):
            for layer, norm in zip(self.layers, self.norms, strict=True):
                now = self.dropout(norm(torch.relu(layer(now))))
        scores: torch.Tensor = self.output(now.float()).transpose(1, 2)
        return scores

    def learn_scale(self, sample: Array) -> None:
        """Normalise by the mean and spread of `sample` (frames × 40)."""
        self.mean.data = torch.tensor(sample.mean(0), dtype=torch.float32)
        self.scale.data = torch.tensor(1 / sample.std(0), dtype=torch.float32)

    def begin_from(self, layers: Sequence[tuple[Array, Array]], sample: Array) -> None:
        """Start as the network that `affine_layers` gave these of. `sample` (frames × 40, as many as fit in one go) tells the
        normalisations what to undo: they see each layer's own answers and hand them on as they are."""
        self.learn_scale(sample)
        mean, scale = self.mean.data.double(), self.scale.data.double()
        self.eval()
        with torch.no_grad():
            for place, (weight, bias) in enumerate(layers[:-1]):
                layer, norm = self.layers[place], self.norms[place]
                width = layer.kernel_size[0]
                plain = torch.tensor(weight).reshape(len(weight), width, -1).transpose(1, 2)
                shift = torch.tensor(bias)
                if place == 0:  # the first layer meets features that are normalised
                    shift = shift + (plain * mean[None, :, None]).sum((1, 2))
                    plain = plain / scale[None, :, None]
                layer.weight.data, layer.bias.data = plain.float().contiguous(), shift.float()
                answers = self._answers(torch.tensor(sample, dtype=torch.float32)[None], place)
                norm.running_mean.data, norm.running_var.data = answers.mean(1), answers.var(1)
                norm.weight.data, norm.bias.data = torch.sqrt(norm.running_var + _EPSILON), norm.running_mean.clone()
            weight, bias = layers[-1]
            self.output.weight.data, self.output.bias.data = torch.tensor(weight).float()[:, :, None], torch.tensor(bias).float()

    def _answers(self, features: torch.Tensor, last: int) -> torch.Tensor:
        """What layer `last` answers, units × steps, before its normalisation."""
        now = ((features - self.mean) * self.scale).transpose(1, 2)
        for place, (layer, norm) in enumerate(zip(self.layers, self.norms, strict=True)):
            now = torch.relu(layer(now))
            if place == last:
                break
            now = norm(now)
        return now[0]


def affine_layers(network: Network) -> list[tuple[Array, Array]]:
    """The network as plain matrices and biases: each layer takes its frames side by side, with ReLU between layers.

    Normalisations are folded into the layer after them; the last pair is the output layer. What a unit that fell silent would be
    multiplied with is left out: it is hundreds of times the rest, and the rest would be lost when weights become 8 bits.
    """
    values = {name: value.detach().double().numpy() for name, value in network.state_dict().items()}
    scale, shift = values["scale"], -values["mean"] * values["scale"]
    layers = []
    for place in range(len(OFFSETS)):
        weight, bias = values[f"layers.{place}.weight"], values[f"layers.{place}.bias"]
        bias = bias + np.einsum("oik,i->o", weight, shift)
        weight = (weight * scale[None, :, None]).transpose(0, 2, 1)
        layers.append((weight.reshape(len(weight), -1), bias))
        scale = values[f"norms.{place}.weight"] / np.sqrt(values[f"norms.{place}.running_var"] + _EPSILON)
        scale = np.where(np.abs(scale) < _OF_SILENT, scale, 0.0)
        shift = values[f"norms.{place}.bias"] - values[f"norms.{place}.running_mean"] * scale
    weight, bias = values["output.weight"][:, :, 0], values["output.bias"]
    return [*layers, (weight * scale[None], bias + weight @ shift)]
