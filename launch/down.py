"""`./halo down`: stops everything of this installation and leaves nothing running."""

from core.settings import default_home
from launch.console import say
from launch.supervision.leftovers import end_leftovers
from launch.supervision.start_order import stop_all
from launch.supervision.supervisor import Supervisor
from launch.supervision.supervisor_conf import remove_socket_folder
from launch.up_lock import only_one


def down() -> None:
    """Stop the processes, last first, then their manager, then what a dead manager may have left."""
    home = default_home()
    if not home.exists():
        say("Halo is not running.")
        return
    with only_one(home):
        supervisor = Supervisor(home)
        was_up = supervisor.is_up()
        if was_up:
            stop_all(supervisor)
        left = end_leftovers(home)
        remove_socket_folder(home)
    if left:
        say(f"  Ended what was left: {', '.join(sorted({leftover.name for leftover in left}))}")
    say("Halo is down." if was_up or left else "Halo is not running.")
