"""How far a training has come, on disk: what takes hours may be broken off and goes on where it was."""

import random
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import nn


@dataclass(slots=True)
class Reached:
    """Whole passes done, steps of the optimiser, and minutes of work."""

    epochs: int = 0
    steps: int = 0
    minutes: float = 0.0


class Checkpoint:
    """One file. `of` says what is trained how: a file that was written for anything else counts for nothing."""

    def __init__(self, file: Path, of: str) -> None:
        self._file, self._of = file, of

    def restore(self, network: nn.Module, optimiser: torch.optim.Optimizer, chance: random.Random) -> Reached:
        """Bring all three to where the training had come, and say where that is: the beginning when there is no such file."""
        if not self._file.exists():
            return Reached()
        kept: dict[str, Any] = torch.load(self._file, weights_only=False)  # our own file, written below
        if kept["of"] != self._of:
            return Reached()
        network.load_state_dict(kept["network"])
        optimiser.load_state_dict(kept["optimiser"])
        chance.setstate(kept["chance"])
        torch.set_rng_state(kept["torch_chance"])
        return Reached(kept["epochs"], kept["steps"], kept["minutes"])

    def keep(self, reached: Reached, network: nn.Module, optimiser: torch.optim.Optimizer, chance: random.Random) -> None:
        """Write all of it; a crash in between leaves what was there."""
        scratch = self._file.with_suffix(".new")
        content = {
            "of": self._of, "epochs": reached.epochs, "steps": reached.steps, "minutes": reached.minutes,
            "network": network.state_dict(), "optimiser": optimiser.state_dict(),
            "chance": chance.getstate(), "torch_chance": torch.get_rng_state(),
        }  # fmt: skip
        torch.save(content, scratch)
        scratch.rename(self._file)
