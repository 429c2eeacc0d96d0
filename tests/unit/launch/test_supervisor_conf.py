import configparser
import os
import shlex
import stat
from pathlib import Path

import pytest

from core.errors import HaloError
from core.settings import Settings
from launch.install.asterisk_root import AsteriskProgram
from launch.supervision import supervisor_conf as conf
from launch.supervision.programs import FRONT_NAMES, STANDBY, Program, program_names, programs


def read(text: str) -> configparser.ConfigParser:
    parser = configparser.ConfigParser()
    parser.read_string(text)
    return parser


def test_the_processes_are_those_of_the_design_in_their_starting_order(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path, session_key="s", redis_password="r", ami_password="a")
    asterisk = AsteriskProgram(["/loader", "/asterisk"], tmp_path, tmp_path, "22.0")

    wanted = programs(settings, asterisk)
    text = conf.supervisor_conf(tmp_path, wanted)

    names = program_names(settings)
    assert tuple(program.name for program in wanted) == names
    assert {"speech-1", "speech-2"} < set(names)
    priorities = [read(text).getint(f"program:{name}", "priority") for name in names]
    assert priorities == sorted(set(priorities))
    assert "DeskWorker" in read(text)["program:desk"]["command"]
    for secret in ("redis_password", "ami_password", "session_key"):
        assert getattr(settings, secret).get_secret_value() not in shlex.split(read(text)["program:redis"]["command"])


def test_speech_fronts_start_before_asterisk_so_that_they_end_after_it_and_only_where_there_are_recognisers(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path, session_key="s", redis_password="r", ami_password="a")
    names = program_names(settings)

    assert [name for name in names[: names.index("asterisk")] if name in FRONT_NAMES] == list(FRONT_NAMES)
    assert not set(FRONT_NAMES) & set(program_names(settings.model_copy(update={"speech_processes": 0})))


def test_a_second_cti_process_starts_after_the_first_only_where_it_is_wanted(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path, session_key="s", redis_password="r", ami_password="a", standby=True)
    names = [program.name for program in programs(settings, AsteriskProgram(["/asterisk"], tmp_path, tmp_path, "22.0"))]

    assert tuple(names) == program_names(settings)
    assert names.index(STANDBY) == names.index("cti") + 1
    assert STANDBY not in program_names(settings.model_copy(update={"standby": False}))


def test_a_command_with_spaces_and_percent_signs_arrives_whole(tmp_path: Path) -> None:
    command = ["/a folder/program", "--rate", "100%", "it's"]

    parsed = read(conf.supervisor_conf(tmp_path, [Program("odd", command)]))

    assert shlex.split(parsed["program:odd"]["command"]) == command


def test_a_short_home_holds_its_own_socket(tmp_path: Path) -> None:
    assert conf.socket_file(Path("/srv/halo")) == Path("/srv/halo/run/supervisor.sock")


def test_a_home_too_deep_for_a_socket_gets_a_short_private_folder_always_the_same(tmp_path: Path) -> None:
    home = tmp_path / ("deep" * 30)

    conf.make_socket_folder(home)
    folder = conf.socket_file(home).parent

    assert len(os.fsencode(conf.socket_file(home))) < 100
    assert conf.socket_file(home) == conf.socket_file(home)
    assert conf.socket_file(home) != conf.socket_file(home / "other")
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    folder.rmdir()


def test_a_socket_folder_that_others_can_enter_is_refused(tmp_path: Path) -> None:
    home = tmp_path / ("open" * 30)
    folder = conf.socket_file(home).parent
    folder.mkdir(mode=0o700)
    folder.chmod(0o755)

    with pytest.raises(HaloError, match="alone"):
        conf.make_socket_folder(home)

    folder.rmdir()
