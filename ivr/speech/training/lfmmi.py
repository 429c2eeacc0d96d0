"""Lattice-free maximum mutual information: the score of what was said against everything that could have been said.

Povey et al., "Purely sequence-trained neural networks for ASR based on lattice-free MMI", Interspeech 2016; end-to-end from a
flat start as Hadian et al., Interspeech 2018. Each phone has one state with two scores: beginning it, and going on in it. The
numerator is the utterance's own phones, silence optional around and between words; the denominator a phone bigram. Both are
summed by the forward-backward algorithm (Rabiner, Proc. IEEE 77, 1989, section III), whose occupations are the gradient.
"""

from collections.abc import Callable, Sequence

import torch

from ivr.speech.phones import Pronunciation
from ivr.speech.training.network import COUNT, PHONE_NUMBERS
from ivr.speech.training.phone_model import PhoneModel

Flow = Callable[[torch.Tensor], torch.Tensor]


class Objective:
    """log p(said phones, scores) - log p(any phones, scores), for each utterance of a batch: at most 0 but for rounding."""

    def __init__(self, model: PhoneModel) -> None:
        self._start, self._follow, self._end = (
            torch.tensor(part, dtype=torch.float32) for part in (model.start, model.follow, model.end)
        )

    def __call__(
        self, scores: torch.Tensor, lengths: torch.Tensor, said: Sequence[Sequence[Pronunciation]]
    ) -> tuple[torch.Tensor, torch.Tensor]:
        """`scores` (batch, time, 2 × COUNT), `lengths` in steps, the words' phones of each utterance.

        Returns the objective (batch) and its gradient by the scores.
        """
        plain = scores.detach()  # the gradient is computed here, not by torch
        # The same factor leaves numerator and denominator at each step, so that no exponential overflows.
        likely = torch.exp(plain - plain.max(2, keepdim=True)[0])
        log_said, occupied = self._numerator(likely.double(), lengths, said)
        log_any, free = self._denominator(likely, lengths)
        return (log_said - log_any.double()).float(), occupied - free

    def _numerator(
        self, likely: torch.Tensor, lengths: torch.Tensor, said: Sequence[Sequence[Pronunciation]]
    ) -> tuple[torch.Tensor, torch.Tensor]:
        phones, optional, sizes = _chains(said)
        batch, steps, _ = likely.shape
        states, rows = phones.shape[1], torch.arange(batch)
        spread = phones[:, None, :].expand(batch, steps, states)
        start_of, follow, end_of = self._start.double(), self._follow.double(), self._end.double()
        within = torch.arange(states)[None] < sizes[:, None]
        step = follow[phones[:, :-1], phones[:, 1:]] * within[:, 1:]
        skip = follow[phones[:, :-2], phones[:, 2:]] * (optional[:, 1:-1] & within[:, 2:])
        start, end = torch.zeros(batch, states, dtype=torch.double), torch.zeros(batch, states, dtype=torch.double)
        start[:, 0] = start_of[phones[:, 0]]
        if states > 1:
            start[:, 1] = start_of[phones[:, 1]] * within[:, 1]
        end[rows, sizes - 1] = end_of[phones[rows, sizes - 1]]
        longer = sizes > 1  # the silence that closes the chain may be left out
        end[rows[longer], sizes[longer] - 2] = end_of[phones[rows[longer], sizes[longer] - 2]]

        def advance(alpha: torch.Tensor) -> torch.Tensor:
            moved = torch.zeros_like(alpha)
            moved[:, 1:] = alpha[:, :-1] * step
            moved[:, 2:] += alpha[:, :-2] * skip
            return moved

        def retreat(beta: torch.Tensor) -> torch.Tensor:
            moved = torch.zeros_like(beta)
            moved[:, :-1] = beta[:, 1:] * step
            moved[:, :-2] += beta[:, 2:] * skip
            return moved

        begin, going_on = torch.gather(likely, 2, spread), torch.gather(likely, 2, spread + COUNT)
        log_total, entered, stayed = _forward_backward((start, end), (begin, going_on), lengths, advance, retreat)
        occupied = torch.zeros_like(likely).scatter_add_(2, spread, entered).scatter_add_(2, spread + COUNT, stayed)
        return log_total, occupied.float()

    def _denominator(self, likely: torch.Tensor, lengths: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        start, end = (each[None].expand(len(likely), -1) for each in (self._start, self._end))
        back = self._follow.T.contiguous()
        outputs = (likely[:, :, :COUNT], likely[:, :, COUNT:])
        log_total, entered, stayed = _forward_backward(
            (start, end), outputs, lengths, lambda alpha: alpha @ self._follow, lambda beta: beta @ back
        )
        return log_total, torch.cat([entered, stayed], 2)


def _forward_backward(
    ends: tuple[torch.Tensor, torch.Tensor],
    outputs: tuple[torch.Tensor, torch.Tensor],
    lengths: torch.Tensor,
    advance: Flow,
    retreat: Flow,
) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """log of the summed paths (batch), and how much of them enters and stays in each state at each step (batch, time, states)."""
    start, end = ends
    begin, going_on = (part.transpose(0, 1).contiguous() for part in outputs)
    steps = len(begin)
    alphas: list[torch.Tensor] = []
    totals: list[torch.Tensor] = []
    flows: list[torch.Tensor] = []
    for t in range(steps):
        flow = advance(alphas[-1]) if t else start
        raw = flow * begin[t] + alphas[-1] * going_on[t] if t else flow * begin[t]
        total = raw.sum(1, keepdim=True).clamp(min=1e-37)
        alphas.append(raw / total)
        totals.append(total)
        flows.append(flow)
    rows = torch.arange(len(lengths))
    every, log_totals = torch.stack(alphas), torch.cat(totals, 1).log().cumsum(1)
    ending = (every[lengths - 1, rows] * end).sum(1).clamp(min=1e-37)
    entered, stayed = torch.zeros_like(begin), torch.zeros_like(begin)
    beta = torch.zeros_like(start)
    for t in range(steps - 1, -1, -1):
        last = (lengths == t + 1)[:, None]
        beta = torch.where(last, end / ending[:, None], beta) / totals[t]
        arriving = begin[t] * beta
        entered[t] = flows[t] * arriving
        if t:
            remaining = going_on[t] * beta
            stayed[t] = alphas[t - 1] * remaining
            beta = retreat(arriving) + remaining
    return log_totals[rows, lengths - 1] + ending.log(), entered.transpose(0, 1), stayed.transpose(0, 1)


def _chains(said: Sequence[Sequence[Pronunciation]]) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """Phone numbers (batch, longest), which of them are optional silences, and how many each utterance has."""
    chains = []
    for words in said:
        chain = [(0, True)]
        for word in words:
            chain += [(PHONE_NUMBERS[phone], False) for phone in word] + [(0, True)]
        chains.append(chain)
    longest = max(3, *map(len, chains))
    phones, optional = torch.zeros(len(chains), longest, dtype=torch.long), torch.zeros(len(chains), longest, dtype=torch.bool)
    for row, chain in enumerate(chains):
        phones[row, : len(chain)] = torch.tensor([number for number, _ in chain])
        optional[row, : len(chain)] = torch.tensor([may_lack for _, may_lack in chain])
    return phones, optional, torch.tensor([len(chain) for chain in chains])
