"""Skills and what an interaction requires of them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

LOWEST, BEST = 1, 5


@dataclass(frozen=True, slots=True)
class SkillRequirement:
    """The agent must have `skill` at proficiency `at_least` (1 to 5, 5 best), until the caller has waited `relax_after_s`.

    `relax_after_s` None: never relaxed. Raises ValueError when out of range.
    """

    skill: str
    at_least: int = LOWEST
    relax_after_s: float | None = None

    def __post_init__(self) -> None:
        if not LOWEST <= self.at_least <= BEST:
            raise ValueError(f"skill {self.skill}: at_least is {self.at_least}, but proficiency runs from 1 to 5")

    def holds_at(self, waited_s: float) -> bool:
        """Whether it still counts after so long a wait."""
        return self.relax_after_s is None or waited_s < self.relax_after_s


def missing_skill(
    requirements: Iterable[SkillRequirement], proficiencies: Mapping[str, int], waited_s: float
) -> SkillRequirement | None:
    """The first requirement that these proficiencies do not meet after `waited_s`; None when all are met."""
    for requirement in requirements:
        if requirement.holds_at(waited_s) and proficiencies.get(requirement.skill, 0) < requirement.at_least:
            return requirement
    return None
