"""What a form knows at a place of a YAML file: the names of its parts, and whether a number is written there."""

from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel

Path = Sequence[str | int]


def meant_name(form: type[BaseModel], path: Path) -> str | None:
    """The name that is known where an unknown one stands, and is nearest to it; None when none is near."""
    parts = {name for kind in _kinds_at(form, path[:-1]) if _is_form(kind) for name in kind.model_fields}
    return next(iter(get_close_matches(str(path[-1]), sorted(parts), n=1)), None)


def numbers_as_words(form: type[BaseModel], data: Any) -> list[Path]:
    """Where `true` or `false` stands in the place of a number: that would count as 1 or 0."""
    return [path for path, value in _leaves(data, ()) if isinstance(value, bool) and _is_number(_kinds_at(form, path))]


def _is_number(kinds: list[Any]) -> bool:
    return bool(kinds) and bool not in kinds and bool({int, float} & set(kinds)) and set(kinds) <= {int, float, type(None)}


def _leaves(data: Any, path: tuple[str | int, ...]) -> list[tuple[tuple[str | int, ...], Any]]:
    if isinstance(data, dict):
        return [leaf for name, value in data.items() for leaf in _leaves(value, (*path, name))]
    if isinstance(data, list):
        return [leaf for number, value in enumerate(data) for leaf in _leaves(value, (*path, number))]
    return [(path, data)]


def _kinds_at(form: type[BaseModel], path: Path) -> list[Any]:
    """The types that may stand there; none, where the form knows no such place."""
    kinds: list[Any] = [form]
    for step in path:
        kinds = [inner for kind in kinds for inner in _inside(kind, step)]
    return kinds


def _inside(kind: Any, step: str | int) -> list[Any]:
    if _is_form(kind):
        field = kind.model_fields.get(step)
        return [] if field is None else _flat(field.annotation)
    origin, inner = get_origin(kind), get_args(kind)
    if isinstance(origin, type) and issubclass(origin, Mapping) and len(inner) == 2:
        return _flat(inner[1])
    if isinstance(step, int) and origin in (tuple, list) and inner:
        return _flat(inner[0])
    return []


def _flat(annotation: Any) -> list[Any]:
    """The types of an annotation, apart."""
    if get_origin(annotation) is Annotated:
        return _flat(get_args(annotation)[0])
    if get_origin(annotation) in (Union, UnionType):
        return [kind for each in get_args(annotation) for kind in _flat(each)]
    return [annotation]


def _is_form(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, BaseModel)
