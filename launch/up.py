"""`./halo up`: from a set-up project to a running contact center that has taken a call."""

import os
from collections.abc import Iterator
from pathlib import Path
from zoneinfo import ZoneInfo

from core.clock import SystemClock, stopwatch_s
from core.database import Database
from core.errors import BadInput, HaloError
from core.settings import Settings, default_home, load_settings
from core.twilio_settings import load_twilio
from launch.asterisk_setup import render_asterisk
from launch.console import bold, say, step
from launch.demo_rosters import set_up_demo_rosters
from launch.demo_setup import set_up_demo
from launch.install.asterisk_root import AsteriskProgram, asterisk_program
from launch.log_to_file import log_to_file
from launch.places import BEGAN_VARIABLE
from launch.ports import ports_of, raise_if_taken
from launch.prompts import make_prompts
from launch.publishing import publisher, raise_if_callers_reach_control_line
from launch.schema import upgrade
from launch.settings_file import given_settings, prepare_home, read_settings_file, write_settings
from launch.supervision.leftovers import end_leftovers
from launch.supervision.programs import programs
from launch.supervision.redis_conf import write_redis_conf
from launch.supervision.start_order import start_all
from launch.supervision.supervisor import Supervisor
from launch.supervision.supervisor_conf import write_supervisor_conf
from launch.up_lock import only_one
from launch.welcome import print_welcome

DEMO_CALL_DONE = "config/demo-call.done"


def up(with_demo_call: bool) -> None:
    """Start everything and wait until it is ready. Raises HaloError with the next step; may simply be run again."""
    began_s = float(os.environ.get(BEGAN_VARIABLE) or stopwatch_s())
    home = default_home()
    prepare_home(home)
    with only_one(home), log_to_file(home):
        supervisor = Supervisor(home)
        running = supervisor.is_up()
        settings = settings_for(home, running)
        program = asterisk_program()
        if not running:
            _end_leftovers(home)
            raise_if_taken(settings, ports_of(settings))
        database = Database(settings.database)
        try:
            prepare(settings, database, program, running)
            if not running:
                with step("Process manager"):
                    write_redis_conf(settings)
                    write_supervisor_conf(home, programs(settings, program))
                    supervisor.start()
            supervisor.go_first()  # also when an earlier run was broken off before it
            start_all(supervisor, programs(settings, program), settings)
            _demo_call(settings, with_demo_call)
            print_welcome(settings, database)
        finally:
            database.dispose()
    say(f"\n{bold('Halo is up')} after {stopwatch_s() - began_s:.1f} s. './halo status' shows it, './halo down' ends it.")


def settings_for(home: Path, running: bool) -> Settings:
    """The settings to start with: those on file and those given now. Raises HaloError."""
    file = home / "config" / "halo.env"
    if running:
        known = read_settings_file(file)
        other = sorted(name for name, value in given_settings(os.environ).items() if known.get(name) != value)
        if other:
            raise HaloError(f"Halo runs already, with other settings than given: {', '.join(other)}.", "run ./halo down first.")
    else:
        with step("Settings") as line:
            line.note("written" if write_settings(home, os.environ) else "as they were")
            load_twilio(home)  # raises while some of its settings are missing, before anything starts with them
    return load_settings(home)


def prepare(settings: Settings, database: Database, program: AsteriskProgram, running: bool) -> None:
    """Make what Halo needs to start: tables, customers, what is said to callers, flows, Asterisk's configuration."""
    with step("Database"):
        upgrade(settings.database)
    with step("Demo customers and log-ins") as line:
        made = bool(set_up_demo(database, SystemClock(), settings.home))
        if made:
            set_up_demo_rosters(database, SystemClock(), ZoneInfo(settings.time_zone))
        line.note("made" if made else "there already")
    with step("Prompts"):
        make_prompts(settings)
    with step("Flows") as line:
        line.note("; ".join(_flows(settings, database)) or "as they were")
    with step("Asterisk configuration") as line:
        changed = render_asterisk(settings, database, program)
        in_force = "written; in force after './halo down' and './halo up'" if running else "written"
        line.note(in_force if changed else "as it was")


def _flows(settings: Settings, database: Database) -> Iterator[str]:
    """Have every flow in force as callers need it; yields what there is to tell of it."""
    publishes = publisher(settings, database)
    if changed := publishes.publish_shipped():
        yield f"published: {', '.join(changed)}"
    try:
        if renewed := publishes.renew():
            yield f"speech renewed: {', '.join(renewed)}"
        raise_if_callers_reach_control_line(settings, publishes)
    except BadInput:  # callers get the flow that Halo ships: no reason not to start
        yield "one can't be used any more; './halo doctor' says why"


def _demo_call(settings: Settings, wanted: bool) -> None:
    done = settings.home / DEMO_CALL_DONE
    if done.exists() and not wanted:
        return
    from launch.demo_call import place_demo_call  # loads telephony that other starts do not need

    with step("Demo call"):
        rows = place_demo_call(settings)
    for name, value in rows:
        say(f"    {name}: {value}")
    done.touch()


def _end_leftovers(home: Path) -> None:
    ended = end_leftovers(home)
    if ended:
        say(f"  Ended what an earlier run left: {', '.join(sorted({leftover.name for leftover in ended}))}")
