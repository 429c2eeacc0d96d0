import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from core.errors import HaloError
from core.settings import STANDBY_PORTS, Settings
from launch.ports import Port, free_port_after, port_error, ports_of, raise_if_taken, taken_ports

LOOPBACK = "127.0.0.1"


@contextmanager
def held(udp: bool) -> Iterator[int]:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM if udp else socket.SOCK_STREAM) as holder:
        holder.bind((LOOPBACK, 0))
        if not udp:
            holder.listen()
        yield holder.getsockname()[1]


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(home=tmp_path, session_key="s", redis_password="r", ami_password="a")


def test_every_port_setting_is_looked_at_but_not_the_media_range(settings: Settings) -> None:
    ports = {port.field: port.udp for port in ports_of(settings)}

    assert ports == {
        "desk_port": False, "redis_port": False, "ami_port": False, "agi_port": False, "asterisk_http_port": False,
        "sip_port": True, "metrics_port": False, "speech_first_port": False,
    }  # fmt: skip


def test_each_recogniser_and_each_speech_front_has_a_port_of_its_own(settings: Settings) -> None:
    ports = {port.program: port.number for port in ports_of(settings) if port.program}

    assert set(ports) == {"speech-front-1", "speech-front-2", "speech-1", "speech-2"}
    assert sorted(ports.values()) == list(range(settings.speech_first_port, settings.speech_first_port + 4))


def test_the_second_cti_process_has_ports_where_there_is_one(settings: Settings) -> None:
    both = settings.model_copy(update={"standby": True})

    assert {port.field for port in ports_of(both)} - {port.field for port in ports_of(settings)} == set(STANDBY_PORTS)


@pytest.mark.parametrize("udp", [False, True])
def test_a_taken_port_is_found_with_the_process_that_holds_it(udp: bool) -> None:
    with held(udp) as number:
        taken = taken_ports([Port("sip_port", number, udp)], LOOPBACK)

        assert len(taken) == 1
        assert taken[0].holder is not None
        assert taken[0].holder.pid == os.getpid()


def test_a_udp_holder_does_not_take_the_tcp_port_of_the_same_number() -> None:
    with held(udp=True) as number:
        assert taken_ports([Port("desk_port", number, udp=False)], LOOPBACK) == []


def test_the_error_is_one_line_with_port_setting_holder_and_the_command_to_type(settings: Settings) -> None:
    with held(udp=True) as number, pytest.raises(HaloError) as error:
        raise_if_taken(settings, [Port("sip_port", number, udp=True)])

    assert f"UDP port {number} (HALO_SIP_PORT) is taken by " in error.value.message
    assert "process" in error.value.message
    assert "HALO_SIP_PORT=" in error.value.next_step
    assert error.value.next_step.endswith(" ./halo up")
    assert "\n" not in str(error.value)


def test_an_unseen_holder_is_said_to_be_another_program() -> None:
    with held(udp=False) as number:
        taken = taken_ports([Port("desk_port", number, udp=False)], LOOPBACK)[0]

    assert "another program" in port_error(type(taken)(taken.port, None), 8090).message


def test_the_port_to_take_instead_is_free_and_not_one_of_ours() -> None:
    with held(udp=False) as number:
        suggested = free_port_after(Port("desk_port", number, udp=False), LOOPBACK, avoid=[number + 10])

    assert suggested > number + 10
    assert (suggested - number) % 10 == 0
