"""Explores every scene of a flow, as many at once as there are processors."""

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from functools import partial
from multiprocessing import get_context

from core.log import configure_logging
from ivr.explorer.records import RememberedDesk
from ivr.explorer.search import NOW, Explored, Explorer, Scene, scenes
from ivr.explorer.seconds import Sentence, seconds_from
from ivr.flow import Flow


def explore_flow(
    flow: Flow, known_s: Mapping[Sentence, float], workers: int, told: Callable[[Explored], object] = lambda _: None
) -> list[Explored]:
    """Everything that can happen in this flow, scene by scene; the same every time.

    `known_s` are the lengths of sentences that were measured; `told` hears of each scene when it is done.
    """
    every = scenes(flow)
    work = partial(explore_scene, flow, known_s)
    if workers == 1:
        found = []
        for scene in every:
            found.append(work(scene))
            told(found[-1])
        return found
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn"), initializer=_quietly) as pool:
        # The scenes that take longest begin first.
        futures = [pool.submit(work, scene) for scene in sorted(every, key=_size, reverse=True)]
        done = []
        for future in as_completed(futures):
            done.append(future.result())
            told(done[-1])
    return sorted(done, key=lambda each: every.index(each.scene))


def explore_scene(flow: Flow, known_s: Mapping[Sentence, float], scene: Scene) -> Explored:
    """Everything that can happen in one scene."""
    with RememberedDesk(NOW) as desk:
        return Explorer(flow, seconds_from(known_s), desk).explore(scene)


def calls_of(explored: Sequence[Explored]) -> int:
    """How many calls were made."""
    return sum(done.calls for done in explored)


def _size(scene: Scene) -> int:
    return (scene.caller == "stranger") * 4 + (scene.caller == "Dewi") * 2 + scene.listening * 3


def _quietly() -> None:
    configure_logging("explorer", "CRITICAL")  # flows that are made to fail say so, thousands of times
