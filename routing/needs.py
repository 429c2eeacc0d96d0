"""What an agent must be able to do for a caller: skills with proficiencies, joined by all, any and at least so many."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

LOWEST, BEST = 1, 5
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


def all_of(parts: Iterable[Needs]) -> Needs:
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


def some_of(count: int, parts: Sequence[Needs]) -> Needs:
    """So many of the parts, or more; a part that needs nothing is met by everybody. Raises ValueError where that can never be."""
    needed = tuple(part for part in parts if not isinstance(part, Nothing))
    wanted = count - (len(parts) - len(needed))
    if wanted <= 0:
        return NOTHING
    return all_of(needed) if wanted == len(needed) else AtLeast(wanted, needed)


def any_of(parts: Sequence[Needs]) -> Needs:
    """One of the parts; where one needs nothing, so does the whole."""
    return some_of(1, tuple(dict.fromkeys(parts)))


def in_words(needs: Needs) -> list[str]:
    """The parts that must all be met, for the record: "billing>=2", "any of (javanese>=1, english>=3)"."""
    if isinstance(needs, AtLeast) and needs.count == len(needs.parts):
        return [_in_words(part) for part in needs.parts]
    return [] if isinstance(needs, Nothing) else [_in_words(needs)]


def _in_words(need: Need) -> str:
    if isinstance(need, Skill):
        return f"{need.name}>={need.at_least}"
    how_many = {1: "any", len(need.parts): "all"}.get(need.count, str(need.count))
    return f"{how_many} of ({', '.join(map(_in_words, need.parts))})"


def relaxed(needs: Needs, drop: Collection[str], lower: Mapping[str, int]) -> Needs:
    """The needs with the skills in `drop` taken for met, and those in `lower` asked for at that proficiency at most.

    Whoever met the needs before, still does.
    """
    match needs:
        case Skill(name, at_least):
            return NOTHING if name in drop else Skill(name, min(at_least, lower.get(name, at_least)))
        case AtLeast(count, parts):
            return some_of(count, [relaxed(part, drop, lower) for part in parts])
        case Nothing():
            return needs


def just_enough(needs: Needs) -> Proficiencies | None:
    """The least proficiencies that meet the needs; None where there are several ways to."""
    if isinstance(needs, Nothing):
        return {}
    if isinstance(needs, Skill):
        return {needs.name: needs.at_least}
    if needs.count < len(needs.parts):
        return None
    least: dict[str, int] = {}
    for part in needs.parts:
        own = just_enough(part)
        if own is None:
            return None
        least |= {skill: max(level, least.get(skill, 0)) for skill, level in own.items()}
    return least
