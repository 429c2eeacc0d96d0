"""Werkzeug compiles the addresses of every app anew; the desks of a run all have the same, so once is enough."""

from collections.abc import Callable
from typing import Any

from werkzeug.routing import Rule

_Builder = Callable[..., tuple[str, str]]


def compile_routes_once() -> None:
    """In the process of the tests, what was compiled for one rule serves all that say the same.

    That is most of what making a desk costs, which nearly every test of a page does. What is shared asks for its rule only when it
    is called, and knows no app.
    """
    compile_builder: Callable[[Rule, bool], _Builder] = Rule._compile_builder
    compiled: dict[Any, _Builder] = {}

    def compile_once(self: Rule, append_unknown: bool = True) -> _Builder:
        said = (self.rule, tuple(self._trace), tuple((self.defaults or {}).items()), append_unknown)
        if said not in compiled:
            compiled[said] = compile_builder(self, append_unknown)
        return compiled[said]

    Rule._compile_builder = compile_once  # type: ignore[method-assign]
