"""What is done for a queue that overflows, and why, in words."""

from agent_desktop.flow_names import queue_name
from agent_desktop.texts import _
from routing.overflow import Overflowing


def overflow_words(done: Overflowing) -> str:
    """One sentence; "" while nothing is done."""
    if not done:
        return ""
    why = ", ".join(_reason_words(each) for each in done.why)
    if done.also and done.offer_callback:
        return _("%(why)s: agents of %(queues)s help, callers are offered a call-back", why=why, queues=_queues(done))
    if done.also:
        return _("%(why)s: agents of %(queues)s help", why=why, queues=_queues(done))
    return _("%(why)s: callers are offered a call-back", why=why)


def _queues(done: Overflowing) -> str:
    return ", ".join(queue_name(name) for name in done.also)


def _reason_words(why: str) -> str:
    return {
        "waiting": _("Many wait"),
        "expected_wait": _("The wait is long"),
        "unstaffed": _("Nobody is there"),
        "closing": _("It closes soon"),
    }.get(why, why)
