"""SIPp as many callers: runs the scenario at a rate and reads from its log what each caller saw."""

import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from asterisk_conf.names import TRUNK
from benchmarks.first_sound import SILENCE, FirstSound
from core.errors import HaloError
from launch.install.debian_packages import find_program
from launch.sip_accounts import read_accounts
from launch.supervision.processor_share import FIRST, give_share
from tests.conftest import free_port
from tests.live.house import House

SCENARIO = Path(__file__).with_name("sipp") / "menu_call.xml"
SPEAK = '<nop><action><exec rtp_stream="caller.ul,-1,0"/></action></nop>'
MOST_AT_ONCE = 950  # the house has media ports for a thousand
LONGEST_CALL_S = 45.0


@dataclass
class SippCall:
    """What one caller saw, in seconds since 1970; None for what never came. `far_port` sends the sound."""

    number: str
    dialled: float
    answered: float | None = None
    far_port: int = 0
    key: float | None = None
    over: float | None = None


class Sipp:
    """Callers of one house, each a customer whom the IVR knows by number; `start` goes on where the last one ended in `numbers`."""

    def __init__(self, house: House, numbers: Sequence[str]) -> None:
        program = find_program("sipp")
        if not program:
            raise HaloError("SIPp is missing.", "run 'sudo apt-get install sip-tester'.")
        self._program, self._house, self._numbers = program, house, numbers
        self._folder = house.settings.home / "sipp"
        self._folder.mkdir(mode=0o700, exist_ok=True)
        (self._folder / "caller.ul").write_bytes(SILENCE * 50)
        self._next = 0
        self._runs = 0

    def start(
        self, extension: str, key: str, rate: float, calls: int, ear: FirstSound | None = None,
        listens_ms: int = 1000, stays_ms: int = 1500,
    ) -> "SippRun":  # fmt: skip
        """Begin to call. Each caller speaks and hears through SIPp, or through `ear`; presses the key `listens_ms` after the
        answer and hangs up `stays_ms` after that."""
        self._runs += 1
        log, callers, scenario = (self._folder / f"{self._runs}.{kind}" for kind in ("log", "csv", "xml"))
        self._write_callers(callers, calls)
        text = SCENARIO.read_text(encoding="utf-8").replace("LISTENS_MS", str(listens_ms)).replace("STAYS_MS", str(stays_ms))
        if ear is not None:
            text = text.replace(SPEAK, "").replace("[rtpstream_audio_port]", str(ear.port))
            ear.follow(log)
        scenario.write_text(text, encoding="utf-8")
        command = [
            self._program, f"127.0.0.1:{self._house.settings.sip_port}", "-sf", str(scenario), "-inf", str(callers),
            "-key", "extension", extension, "-key", "digit", key, "-i", "127.0.0.1", "-mi", "127.0.0.1", "-p", str(free_port()),
            "-r", f"{rate:g}", "-m", str(calls), "-l", str(MOST_AT_ONCE), "-nostdin", "-trace_logs", "-log_file", str(log),
            "-timeout", f"{calls / rate + LONGEST_CALL_S + (listens_ms + stays_ms) / 1000:.0f}s",
        ]  # fmt: skip
        nothing = subprocess.DEVNULL
        process = subprocess.Popen(command, cwd=self._folder, stdin=nothing, stdout=nothing, stderr=nothing, start_new_session=True)
        give_share(process.pid, FIRST)  # callers have machines of their own: here they are served as Halo is
        return SippRun(process, log)

    def _write_callers(self, file: Path, calls: int) -> None:
        secret = next(account.secret for account in read_accounts(self._house.settings.home) if account.user == TRUNK)
        file.touch(mode=0o600)
        with file.open("w", encoding="ascii") as rows:
            rows.write("SEQUENTIAL\n")
            for place in range(self._next, self._next + calls):
                number = self._numbers[place % len(self._numbers)]
                rows.write(f"{number};[authentication username={TRUNK} password={secret}]\n")
        self._next += calls


class SippRun:
    """One run of SIPp."""

    def __init__(self, process: "subprocess.Popen[bytes]", log: Path) -> None:
        self.process, self._log = process, log

    def finish(self) -> list[SippCall]:
        """Wait for its end; every call that was placed, in the order of dialling."""
        try:
            self.process.wait(3 * LONGEST_CALL_S)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        return read_log(self._log.read_text(encoding="ascii").splitlines())


def read_log(lines: Sequence[str]) -> list[SippCall]:
    """The calls in what the scenario's log actions wrote: step, call number, detail, date, time and seconds since 1970."""
    calls: dict[str, SippCall] = {}
    for line in lines:
        step, call, detail, moment = line.split(";", 3)
        at = float(moment.split()[-1])
        if step == "dialled":
            calls[call] = SippCall(detail, at)
        elif step == "answered":
            calls[call].answered, calls[call].far_port = at, int(detail or 0)
        elif step == "key":
            calls[call].key = at
        else:
            calls[call].over = at
    return list(calls.values())
