"""Keys that callers press while Halo is busy, over real SIP: they answer the next question."""

import threading

from asterisk_conf.names import MANAGER_USER
from core.clock import SystemClock
from cti.agi_line import AgiLine
from cti.agi_server import AgiServer
from cti.typed_keys import TypedKeys
from ivr.line import InboundCall, Prompt
from launch.demo.ami_thread import AmiThread
from launch.prompts import voice_of
from tests.conftest import free_port
from tests.live.own_number import OWN_NUMBER, number_of_its_own

LONG_PROMPT = Prompt("talk_recorded", "en")


def test_keys_between_two_questions_answer_the_second_and_those_over_a_sentence_nothing(halo, tone, tmp_path):
    voice, typed = voice_of(halo.settings), TypedKeys(SystemClock())
    password = halo.settings.ami_password.get_secret_value()
    busy, pressed = threading.Barrier(2), threading.Barrier(2)
    answers: list[str] = []
    over = threading.Event()

    def script(session) -> None:
        call = InboundCall("", "", OWN_NUMBER, session.env["agi_channel"])
        keys = typed.of(session.env["agi_uniqueid"])
        line = AgiLine(
            session, call, voice.file_for, lambda event: None, SystemClock(), tmp_path, lambda channel, on: None, typed=keys
        )
        for most in (1, 4, 4):
            busy.wait(30)
            pressed.wait(30)  # a back end that takes its time; the caller types on
            answers.append(line.ask_keys(LONG_PROMPT, most=most, wait_s=5))
        answers.append(line.ask_keys(LONG_PROMPT, wait_s=5))
        busy.wait(30)
        line.say(LONG_PROMPT)
        answers.append(line.ask_keys(wait_s=1))
        over.set()

    with AmiThread(halo.settings.ami_port, MANAGER_USER, password, {"DTMFEnd": typed.told}):
        server = AgiServer(free_port(), script)
        server.start()
        with number_of_its_own(halo, server.server_address[1], tmp_path / "call.wav"):
            call = halo.carrier.dial(OWN_NUMBER, "+6281900099998", tone).wait_answered()
            halo.calls.append(call)
            for keys in ("1", "22", "33#5"):
                busy.wait(30)
                call.press(keys)
                over.wait(1.0)  # the last of them is over
                pressed.wait(30)
                if keys == "22":
                    call.press("22")  # the rest of the number, while it is asked for
            busy.wait(30)
            over.wait(1.0)
            call.press("9")
            assert over.wait(60)
            call.hang_up()
            assert call.ended.wait(10)
        server.stop()

    assert answers == ["1", "2222", "33", "5", ""]
