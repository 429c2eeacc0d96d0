"""Fits the network to examples: one core, seeded, the learning rate falling over the epochs or minutes of a plan."""

import math
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta

import numpy as np
import torch
from torch import nn

from core.clock import Clock
from ivr.speech.training.checkpoint import Checkpoint
from ivr.speech.training.features import FEATURES, Example
from ivr.speech.training.halfway import meet_halfway, weights_of
from ivr.speech.training.lfmmi import Objective
from ivr.speech.training.network import CONTEXT, SUBSAMPLING, Array, Network
from ivr.speech.training.phone_model import PhoneModel

_FRAMES_PER_BATCH = 9000
_BEST_RATE, _LATER_RATE, _LEAST_RATE, _WARM_UP_STEPS = 2e-3, 1e-3, 1e-5, 300
_COLOURED, _COLOURS, _HOLE = 0.25, 15, 7
_SCORE_PENALTY = 5e-4
_HOPELESS = -1000.0
_HELD_BACK, _MOST_HELD_BACK = 0.02, 400
_HALFWAY_BATCHES = 25


@dataclass(frozen=True, slots=True)
class Plan:
    """How long to train: whole passes over the examples, at most so many minutes (0: no limit); `goes_on` from a trained model."""

    epochs: int
    most_minutes: float = 0.0
    seed: int = 1
    goes_on: bool = False


@dataclass(frozen=True, slots=True)
class Fitted:
    """How training went: `epochs` done, and the objective per step on examples that were held back (0 is perfect)."""

    epochs: float
    objective: float


def fit(
    network: Network,
    examples: Sequence[Example],
    phones: PhoneModel,
    plan: Plan,
    clock: Clock,
    tell: Callable[[str], None],
    checkpoint: Checkpoint,
    begin: Sequence[tuple[Array, Array]] = (),
) -> Fitted:
    """Train in place, on from the checkpoint; what went on from a model ends half-way back to it.

    A limit in minutes makes the outcome depend on the machine; epochs alone do not. `begin` are the layers of the model that the
    plan goes on from.
    """
    torch.set_num_threads(1)
    chance = random.Random(plan.seed)  # noqa: S311  (training material, not secrets)
    torch.manual_seed(plan.seed)
    shuffled = list(examples)
    chance.shuffle(shuffled)
    kept = min(_MOST_HELD_BACK, 1 + int(_HELD_BACK * len(shuffled)))
    held_back, learnt = shuffled[:kept], shuffled[kept:]
    sample = np.concatenate([example.features for example in learnt[::20]]).astype(np.float32)
    if plan.goes_on:
        network.begin_from(begin, sample[:_FRAMES_PER_BATCH])
    else:
        network.learn_scale(sample)
    begun_from = weights_of(network)
    best_rate = _LATER_RATE if plan.goes_on else _BEST_RATE
    objective = Objective(phones)
    optimiser = torch.optim.AdamW(network.parameters(), lr=best_rate, weight_decay=1e-4)
    planned = plan.epochs * len(_batches(learnt, chance))
    reached = checkpoint.restore(network, optimiser, chance)
    found, done = math.nan, 0.0
    if plan.goes_on and not reached.epochs:
        tell(f"begins with {_measure(network, objective, held_back, chance):.4f} a step on unseen examples")
    begun = clock.now() - timedelta(minutes=reached.minutes)
    while reached.epochs < plan.epochs and done < 1:
        network.train()
        for batch in _batches(learnt, chance):
            minutes = (clock.now() - begun).total_seconds() / 60
            done = max(reached.steps / planned, minutes / plan.most_minutes if plan.most_minutes else 0)
            rate = _LEAST_RATE + best_rate * min(1, reached.steps / _WARM_UP_STEPS) * 0.5 * (1 + math.cos(math.pi * min(1, done)))
            _step(network, objective, optimiser, rate, batch)
            reached.steps += 1
            if done >= 1:
                break
        reached.epochs += 1
        reached.minutes = (clock.now() - begun).total_seconds() / 60
        found = _measure(network, objective, held_back, chance)
        checkpoint.keep(reached, network, optimiser, chance)
        tell(f"epoch {reached.epochs}: {found:.4f} a step on unseen examples, {done:.0%} done after {reached.minutes:.0f} min")
    if plan.goes_on:
        meet_halfway(network, begun_from, (_padded(batch)[0] for batch in _batches(learnt, chance)[:_HALFWAY_BATCHES]))
    if plan.goes_on or math.isnan(found):
        found = _measure(network, objective, held_back, chance)
    return Fitted(reached.steps * plan.epochs / planned, found)


def _step(network: Network, objective: Objective, optimiser: torch.optim.Optimizer, rate: float, batch: Sequence[Example]) -> None:
    for group in optimiser.param_groups:
        group["lr"] = rate
    scores, lengths, each, gradient = _judge(network, objective, batch)
    useful = (each > _HOPELESS)[:, None, None]
    loss = -(scores * gradient * useful).sum() / lengths.sum() + _SCORE_PENALTY * (scores**2).mean()
    optimiser.zero_grad()
    loss.backward()
    nn.utils.clip_grad_norm_(network.parameters(), 5.0)
    optimiser.step()


def _measure(network: Network, objective: Objective, examples: Sequence[Example], chance: random.Random) -> float:
    network.eval()
    with torch.no_grad():
        judged = [_judge(network, objective, batch)[1:3] for batch in _batches(examples, chance)]
    return sum(float(each.sum()) for _, each in judged) / sum(int(lengths.sum()) for lengths, _ in judged)


def _judge(network: Network, objective: Objective, batch: Sequence[Example]) -> tuple[torch.Tensor, ...]:
    """Scores, lengths in steps, and the objective of each example with its gradient by the scores."""
    features, lengths = _padded(batch)
    scores = network(_disturbed(network, features) if network.training else features)[:, : int(lengths.max())]
    return scores, lengths, *objective(scores, lengths, [example.phones for example in batch])


def _padded(batch: Sequence[Example]) -> tuple[torch.Tensor, torch.Tensor]:
    """The examples' features as the network takes them, and their lengths in steps."""
    frames = [len(example.features) for example in batch]
    longest = -(-max(frames) // SUBSAMPLING) * SUBSAMPLING
    inputs = np.zeros((len(batch), longest + 2 * CONTEXT, FEATURES), np.float32)
    for row, example in enumerate(batch):
        edges = ((CONTEXT, longest + CONTEXT - frames[row]), (0, 0))
        inputs[row] = np.pad(example.features.astype(np.float32), edges, mode="edge")
    lengths = torch.tensor([-(-count // SUBSAMPLING) for count in frames])
    return torch.from_numpy(inputs), lengths


def _disturbed(network: Network, features: torch.Tensor) -> torch.Tensor:
    """As nobody said it: each example in a colour of its own, and with a hole, so that no voice is known by its sound.

    Nothing of this repeats from pass to pass, as lines and voices do.
    """
    batch, frames, _ = features.shape
    colours = torch.zeros(batch, 1, FEATURES)
    colours[:, :, :_COLOURS] = _COLOURED * torch.randn(batch, 1, _COLOURS)
    begins = torch.randint(0, max(1, frames - _HOLE), (batch, 1))
    at = torch.arange(frames)[None]
    whole = ((at < begins) | (at >= begins + torch.randint(0, _HOLE, (batch, 1))))[:, :, None]
    disturbed: torch.Tensor = torch.where(whole, features + colours / network.scale, network.mean)
    return disturbed


def _batches(examples: Sequence[Example], chance: random.Random) -> list[list[Example]]:
    """Examples of like length together, about equally many frames in each batch, in random order."""
    batches: list[list[Example]] = [[]]
    for example in sorted(examples, key=lambda each: len(each.features) + 20 * chance.random()):
        if batches[-1] and (len(batches[-1]) + 1) * len(example.features) > _FRAMES_PER_BATCH:
            batches.append([])
        batches[-1].append(example)
    chance.shuffle(batches)
    return batches
