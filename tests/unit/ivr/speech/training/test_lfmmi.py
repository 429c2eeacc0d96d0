"""The training objective against what it stands for: every path summed one by one, and its gradient by small steps."""

from itertools import pairwise, product

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="only where the speech model is trained: pip install '.[train]'")

from ivr.speech.training.lfmmi import Objective  # noqa: E402  (needs torch)
from ivr.speech.training.network import COUNT, PHONE_NUMBERS  # noqa: E402
from ivr.speech.training.phone_model import count_phones  # noqa: E402

MODEL = count_phones([[("s", "aa"), ("t", "uw")]] * 20, 1)


def summed_one_by_one(scores, phones) -> float:
    """log of the sum over every way through all phone sequences of `phones`, each path's steps written out."""
    total = 0.0
    for path in product(phones, (0, 1), repeat=len(scores)):
        states = list(zip(path[::2], path[1::2], strict=True))  # (phone, whether it stays)
        if states[0][1] or any(stays and phone != before for (before, _), (phone, stays) in pairwise(states)):
            continue
        value = MODEL.start[states[0][0]] * np.exp(scores[0][states[0][0]])
        for step, ((before, _), (phone, stays)) in enumerate(pairwise(states), start=1):
            value *= np.exp(scores[step][phone + COUNT]) if stays else MODEL.follow[before, phone] * np.exp(scores[step][phone])
        total += value * MODEL.end[states[-1][0]]
    return float(np.log(total))


def test_the_denominator_is_the_sum_over_all_paths() -> None:
    torch.manual_seed(0)
    scores = torch.full((1, 3, 2 * COUNT), -60.0)
    few = [0, PHONE_NUMBERS["s"], PHONE_NUMBERS["aa"]]
    for phone in few:
        scores[0, :, [phone, phone + COUNT]] = torch.randn(3, 2)
    objective = Objective(MODEL)
    said, _ = objective(scores, torch.tensor([3]), [[("s", "aa")]])
    numerator = summed_said(scores[0].numpy(), few)
    assert float(said) == pytest.approx(numerator - summed_one_by_one(scores[0].numpy(), few), abs=1e-3)


def summed_said(scores, few) -> float:
    """As above over the ways of "s aa" with silence or none around it: three steps leave few."""
    silence, s, aa = few
    total = 0.0
    for line in ([s, aa], [silence, s, aa], [s, aa, silence]):
        for lengths in product(range(1, 4), repeat=len(line)):
            if sum(lengths) != 3:
                continue
            value, step = MODEL.start[line[0]] * MODEL.end[line[-1]], 0
            for place, (phone, length) in enumerate(zip(line, lengths, strict=True)):
                value *= (MODEL.follow[line[place - 1], phone] if place else 1) * np.exp(scores[step][phone])
                value *= np.exp(sum(scores[step + more][phone + COUNT] for more in range(1, length)))
                step += length
            total += value
    return float(np.log(total))


def test_the_gradient_is_what_small_steps_show() -> None:
    torch.manual_seed(1)
    objective, lengths, said = Objective(MODEL), torch.tensor([9, 7]), [[("s", "aa"), ("t",)], [("aa",)]]
    scores = torch.randn(2, 9, 2 * COUNT)
    _, gradient = objective(scores, lengths, said)
    for row, step, output in [(0, 3, PHONE_NUMBERS["s"]), (0, 8, 0), (1, 4, PHONE_NUMBERS["aa"] + COUNT), (1, 8, 3)]:
        more, less = scores.clone(), scores.clone()
        more[row, step, output] += 0.01
        less[row, step, output] -= 0.01
        slope = (objective(more, lengths, said)[0][row] - objective(less, lengths, said)[0][row]) / 0.02
        assert float(gradient[row, step, output]) == pytest.approx(float(slope), abs=1e-3)
