import os
import subprocess
import sys

from launch.sockets_in_use import Holder, bound_sockets, command_of

TABLE = """  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:18F6 00000000:0000 0A 00000000:00000000 00:00000000 00000000   102        0 4242 1 0000000000000000 100 0 0 10 0
   1: 0100007F:18F6 0100007F:D431 01 00000000:00000000 00:00000000 00000000   102        0 4243 1 0000000000000000 20 4 30 10 -1
   2: 00000000:0050 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 4244 1 0000000000000000 100 0 0 10 0
"""


def test_only_listening_tcp_sockets_hold_a_port() -> None:
    assert bound_sockets(TABLE, 6390, listening_only=True) == [("4242", 102)]


def test_every_udp_socket_at_the_port_holds_it() -> None:
    assert bound_sockets(TABLE, 6390, listening_only=False) == [("4242", 102), ("4243", 102)]


def test_a_port_of_nobody_has_no_sockets() -> None:
    assert bound_sockets(TABLE, 6391, listening_only=False) == []


def test_a_process_is_named_by_its_program_and_first_argument() -> None:
    code = "import sys; print('up', flush=True); sys.stdin.read()"
    command = [sys.executable, "-c", code, "/some/where/serve"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"up\n"
        name = command_of(process.pid)
        process.communicate()

    assert name.startswith("python")
    assert name.endswith(" serve")
    assert command_of(process.pid) == ""


def test_a_holder_of_another_user_is_said_to_be_one() -> None:
    assert str(Holder(0, "", 102)) == "a process of another user (uid 102)"
    assert str(Holder(os.getpid(), "redis-server", 0)) == f"redis-server (process {os.getpid()})"
