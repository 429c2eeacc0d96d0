"""A second Asterisk on this machine: the carrier that brings callers, and desk phones that answer."""

import secrets
import subprocess
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from asterisk_conf.render import Account
from core.errors import HaloError, Unavailable
from cti.ami import ActionRefused, EventHandler, Row
from launch.demo.ami_thread import AmiThread
from launch.install.asterisk_root import AsteriskProgram
from launch.supervision.processor_share import FIRST, give_share

TEMPLATES = Path(__file__).with_name("carrier_conf")
MANAGER_USER = "carrier"
START_TIMEOUT_S = 20.0
KEY_GAP_S = 0.08  # from one key to the next, as a phone that dials by itself: people take three times as long


@dataclass(frozen=True, slots=True)
class CarrierPorts:
    """Free ports for the carrier: SIP (UDP), manager (TCP), and where its range of media ports (UDP) begins."""

    sip: int
    ami: int
    rtp_first: int
    rtp_count: int = 800


@dataclass
class Call:
    """One call of one caller. `heard` is the recording of what the caller heard, 16-bit mono WAV at 8 kHz; `number`
    the number it comes from."""

    name: str
    heard: Path
    number: str = ""
    channel: str = ""
    cause: str = ""
    keys: str = ""  # that the other side has pressed
    answered: threading.Event = field(default_factory=threading.Event)
    ended: threading.Event = field(default_factory=threading.Event)
    has_spoken: threading.Event = field(default_factory=threading.Event)
    _carrier: "Carrier | None" = None

    def wait_answered(self, timeout_s: float = 10) -> "Call":
        """Wait until the far side answers. Raises Unavailable when it does not."""
        if not self.answered.wait(timeout_s):
            raise Unavailable(f"The call {self.name} was not answered (cause {self.cause or 'none'}).", "Run ./halo doctor.")
        return self

    def press(self, keys: str) -> None:
        """Press keys one after the other, as a phone does (RFC 4733)."""
        for number, key in enumerate(keys):
            if number:
                self.ended.wait(KEY_GAP_S)
            self._in_carrier.ami.action("PlayDTMF", Channel=self.channel, Digit=key, Duration="120")

    def speak(self) -> None:
        """Begin to speak the file that was given to `dial`, over and over."""
        self._in_carrier.ami.action("Redirect", Channel=self.channel, Context="caller", Exten="speak", Priority="1")

    def say(self, speech: Path) -> None:
        """Speak a file once, and listen again; returns at once. See `has_spoken`."""
        self.has_spoken.clear()
        self._in_carrier.ami.action("Setvar", Channel=self.channel, Variable="SPEECH", Value=str(speech.with_suffix("")))
        self._in_carrier.ami.action("Redirect", Channel=self.channel, Context="caller", Exten="say", Priority="1")

    def hang_up(self) -> None:
        """End the call, if it has not ended."""
        if self.channel and not self.ended.is_set():
            try:
                self._in_carrier.ami.action("Hangup", Channel=self.channel, Cause="16")
            except HaloError:
                self.ended.wait(2)

    @property
    def is_up(self) -> bool:
        """Answered and not ended."""
        return self.answered.is_set() and not self.ended.is_set()

    @property
    def _in_carrier(self) -> "Carrier":
        if self._carrier is None:
            raise Unavailable("The call was not placed by a carrier.", "Use Carrier.dial.")
        return self._carrier


class Carrier:
    """Places calls to Halo's SIP port as `trunk`, and registers `phones` there as agents' desk phones."""

    def __init__(
        self, folder: Path, program: AsteriskProgram, ports: CarrierPorts, halo_sip_port: int, trunk: Account,
        phones: Sequence[Account] = (),
    ) -> None:  # fmt: skip
        self._folder, self._program, self._ports = folder, program, ports
        self._halo_sip_port, self._trunk, self._phones = halo_sip_port, trunk, phones
        self._numbers = count(1)
        self._secret = secrets.token_urlsafe(16)
        self._calls: dict[str, Call] = {}
        self._happened = threading.Condition()
        self._booted = threading.Event()
        self.phone_events: list[Row] = []
        self.ami: AmiThread

    @contextmanager
    def running(self) -> Iterator["Carrier"]:
        """Start the carrier, wait until it is ready, and stop it at the end."""
        self._render()
        with (self._folder / "carrier.log").open("wb") as output:
            # A session of its own, with the share of the processor that Halo has: in ours it stood behind whatever else we do, and
            # its recordings lacked what was heard meanwhile.
            process = subprocess.Popen(
                [*self._program.command, "-C", str(self._folder / "etc/asterisk.conf"), "-f"], stdout=output, stderr=output,
                start_new_session=True,
            )  # fmt: skip
            give_share(process.pid, FIRST)
            try:
                handlers: dict[str, EventHandler] = {
                    "FullyBooted": lambda _row: self._booted.set(),
                    "Newstate": self._state_changed,
                    "Hangup": self._hung_up,
                    "UserEvent": self._told,
                    "DTMFEnd": self._key_pressed,
                }
                with AmiThread(self._ports.ami, MANAGER_USER, self._secret, handlers) as self.ami:
                    if not self._booted.wait(START_TIMEOUT_S):  # its manager lets us in before its dialplan is there
                        raise Unavailable("The carrier's Asterisk did not finish starting.", f"See {self._folder}/carrier.log.")
                    yield self
            finally:
                process.terminate()
                try:
                    process.wait(5)
                except subprocess.TimeoutExpired:
                    process.kill()
                    process.wait()

    def dial(
        self, number: str, caller_number: str, speech: Path | None = None, headers: Mapping[str, str] | None = None,
        caller_name: str = "",
    ) -> Call:  # fmt: skip
        """Call `number` as `caller_number` and `caller_name` (any text: a caller may send anything), with SIP `headers` of the
        carrier's own.

        Returns at once; see Call.wait_answered.
        """
        name = f"call-{next(self._numbers)}"
        call = self._calls[name] = Call(name, self._folder / "heard" / f"{name}.wav", caller_number, _carrier=self)
        variables = [f"CALL={name}", *(f"PJSIP_HEADER(add,{header})={value}" for header, value in (headers or {}).items())]
        if speech is not None:
            variables.append(f"SPEECH={speech.with_suffix('')}")
        shown = f'"{caller_name}" <{caller_number}>' if caller_name else f"<{caller_number}>"
        self.ami.action(
            "Originate", Channel=f"PJSIP/{number}@halo", ChannelId=name, Context="caller", Exten="s", Priority="1",
            Timeout="30000", Async="true", CallerID=shown, Variable=variables,
        )  # fmt: skip
        return call

    def set_manner(self, phone_user: str, manner: str) -> None:
        """How a desk phone behaves from now on: answer, ring (no answer), busy or reject."""
        digits = "".join(character for character in phone_user if character.isdigit())
        self.ami.action("Setvar", Variable=f"GLOBAL(MANNER_{digits})", Value=manner)

    def set_for_phones(self, answer_after_s: float | None = None, speech: Path | None = None) -> None:
        """How long every phone rings before it answers, and what it speaks then."""
        if answer_after_s is not None:
            self.ami.action("Setvar", Variable="GLOBAL(ANSWER_AFTER_S)", Value=str(answer_after_s))
        if speech is not None:
            self.ami.action("Setvar", Variable="GLOBAL(SPEECH_OF_PHONES)", Value=str(speech.with_suffix("")))

    def rings(self, phone_user: str | None = None) -> list[Row]:
        """Every time that a desk phone (or this one) began to ring, oldest first."""
        with self._happened:
            rows = [row for row in self.phone_events if row.get("userevent") == "PhoneRings"]
        return [row for row in rows if phone_user is None or row.get("user") == phone_user]

    def wait_for(self, happened: Callable[[], bool], timeout_s: float = 10) -> bool:
        """Wait until `happened()` holds; it is asked again after every event of the carrier's."""
        with self._happened:
            return self._happened.wait_for(happened, timeout_s)

    def hang_up_phone(self, phone_user: str) -> None:
        """Hang up a phone. Of the call before, a channel may still be there that ends by itself meanwhile."""
        for channel in self._channels_of(phone_user):
            with suppress(ActionRefused):
                self.ami.action("Hangup", Channel=channel, Cause="16")

    def press_phone(self, phone_user: str, key: str) -> None:
        """Press a key of a phone that has answered."""
        for channel in self._channels_of(phone_user):
            with suppress(ActionRefused):
                self.ami.action("PlayDTMF", Channel=channel, Digit=key, Duration="120")

    def heard_by_phone(self, phone_user: str) -> Path | None:
        """What a phone has heard since it answered last; None when it never has."""
        with self._happened:
            rows = [row for row in self.phone_events if row.get("userevent") == "PhoneAnswered" and row.get("user") == phone_user]
        return self._folder / "heard" / f"{rows[-1]['call']}.wav" if rows else None

    def _channels_of(self, phone_user: str) -> list[str]:
        rows = self.ami.rows("CoreShowChannels")
        return [row["channel"] for row in rows if row.get("context") == "phones" and row.get("exten") == phone_user]

    # ---- inside ------------------------------------------------------------------------------------------------

    def _state_changed(self, row: Row) -> None:
        call = self._calls.get(row.get("uniqueid", ""))
        if call is not None:
            call.channel = row.get("channel", "")
            if row.get("channelstatedesc") == "Up":
                call.answered.set()
        self._tell()

    def _key_pressed(self, row: Row) -> None:
        call = self._calls.get(row.get("uniqueid", ""))
        if call is not None and row.get("direction") == "Received":
            call.keys += row.get("digit", "")
        self._tell()

    def _hung_up(self, row: Row) -> None:
        call = self._calls.get(row.get("uniqueid", ""))
        if call is not None:
            call.cause = row.get("cause", "")
            call.ended.set()
        self._tell()

    def _told(self, row: Row) -> None:
        call = self._calls.get(row.get("call", ""))
        if call is not None and row.get("userevent") == "CallerSpoke":
            call.has_spoken.set()
        with self._happened:
            if row.get("userevent", "").startswith("Phone"):
                self.phone_events.append(row)
            self._happened.notify_all()

    def _tell(self) -> None:
        with self._happened:
            self._happened.notify_all()

    def _render(self) -> None:
        for name in ("etc", "lib", "spool", "run", "log", "data", "heard", "keys"):
            (self._folder / name).mkdir(parents=True, exist_ok=True)
        for name in ("documentation", "rest-api"):
            link = self._folder / "data" / name
            if not link.is_symlink() and (self._program.data / name).exists():
                link.symlink_to(self._program.data / name)
        environment = Environment(
            loader=FileSystemLoader(TEMPLATES), undefined=StrictUndefined, trim_blocks=True, keep_trailing_newline=True,
            variable_start_string="@{", variable_end_string="}",
            autoescape=False,  # noqa: S701  # configuration of ours, not HTML
        )  # fmt: skip
        values = {
            "folder": self._folder, "modules": self._program.modules, "phones": self._phones, "sip_port": self._ports.sip,
            "ami_port": self._ports.ami, "rtp_first_port": self._ports.rtp_first,
            "rtp_last_port": self._ports.rtp_first + self._ports.rtp_count, "manager_user": MANAGER_USER,
            "manager_secret": self._secret, "halo_sip_port": self._halo_sip_port, "trunk_user": self._trunk.user,
            "trunk_secret": self._trunk.secret,
        }  # fmt: skip
        for template in TEMPLATES.glob("*.j2"):
            file = self._folder / "etc" / template.name.removesuffix(".j2")
            file.touch(mode=0o600)
            file.write_text(environment.get_template(template.name).render(values), encoding="utf-8")
