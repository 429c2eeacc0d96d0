"""What an agent must be able to do for a caller: skills with proficiencies, joined by all, any and at least so many."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from routing.skills import BEST, LOWEST

Proficiencies = Mapping[str, int]
"""An agent's proficiency by skill, 1 to 5; a skill that is not there counts 0."""
Holders = Callable[[str], int]
"""How many agents have a skill."""


@dataclass(frozen=True, slots=True)
class Skill:
    """One skill at `at_least` or better. Raises ValueError out of 1 to 5."""

    name: str
    at_least: int = LOWEST

    def __post_init__(self) -> None:
        if not LOWEST <= self.at_least <= BEST:
            raise ValueError(f"skill {self.name}: at_least is {self.at_least}, but proficiency runs from 1 to 5")

    def met_by(self, proficiencies: Proficiencies) -> bool:
        return proficiencies.get(self.name, 0) >= self.at_least

    def skills(self) -> frozenset[str]:
        return frozenset({self.name})

    def hooks(self, holders: Holders) -> frozenset[str]:
        return frozenset({self.name})


@dataclass(frozen=True, slots=True)
class AtLeast:
    """So many of the parts, or more. Raises ValueError where that could never or would always be so."""

    count: int
    parts: tuple["Need", ...]

    def __post_init__(self) -> None:
        if not 1 <= self.count <= len(self.parts):
            raise ValueError(f"at least {self.count} of {len(self.parts)}: choose from 1 to {len(self.parts)}")

    def met_by(self, proficiencies: Proficiencies) -> bool:
        left, wanted = len(self.parts), self.count
        for part in self.parts:
            if part.met_by(proficiencies):
                wanted -= 1
                if not wanted:
                    return True
            left -= 1
            if left < wanted:
                return False
        return False

    def skills(self) -> frozenset[str]:
        return frozenset().union(*(part.skills() for part in self.parts))

    def hooks(self, holders: Holders) -> frozenset[str]:
        """Skills of which everybody who meets this has one at least: those that the fewest have."""
        rarest = sorted((part.hooks(holders) for part in self.parts), key=lambda hooks: sum(holders(skill) for skill in hooks))
        return frozenset().union(*rarest[: len(self.parts) - self.count + 1])


Need = Skill | AtLeast


@dataclass(frozen=True, slots=True)
class Nothing:
    """No skill is needed: everybody will do."""

    def met_by(self, proficiencies: Proficiencies) -> bool:
        return True

    def skills(self) -> frozenset[str]:
        return frozenset()

    def hooks(self, holders: Holders) -> frozenset[str]:
        return frozenset()


Needs = Need | Nothing
NOTHING = Nothing()


def all_of(parts: Sequence[Needs]) -> Needs:
    """Every one of the parts; those that need nothing are left out, and all of all is one all."""
    flat: list[Need] = []
    for part in parts:
        if isinstance(part, AtLeast) and part.count == len(part.parts):
            flat += part.parts
        elif not isinstance(part, Nothing):
            flat.append(part)
    unique = tuple(dict.fromkeys(flat))
    if not unique:
        return NOTHING
    return unique[0] if len(unique) == 1 else AtLeast(len(unique), unique)


def any_of(parts: Sequence[Needs]) -> Needs:
    """One of the parts; where one needs nothing, so does the whole."""
    unique = tuple(dict.fromkeys(parts))
    needed = tuple(part for part in unique if not isinstance(part, Nothing))
    if not needed or len(needed) < len(unique):
        return NOTHING
    return needed[0] if len(needed) == 1 else AtLeast(1, needed)
