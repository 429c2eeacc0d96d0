"""A few callers' ears and mouths: one UDP socket that speaks silence as phones do, and notes when the first sound arrives."""

import socket
import struct
import time
from dataclasses import dataclass
from pathlib import Path
from threading import Event, Thread

PACKET_S, SAMPLES = 0.02, 160
SILENCE = b"\xff" * SAMPLES  # in µ-law
SPEAKS_S = 30.0  # longer than any call
LOOKS_EVERY_S = 0.005
KERNEL_TIME = 35  # SO_TIMESTAMPNS of socket(7): when the packet came, not when we got round to it
NEW_CALL_AFTER_S = 0.7  # a port silent for so long that speaks again belongs to another call


@dataclass
class Mouth:
    """What is being sent to one far port."""

    next_at: float
    until: float
    packets: int = 0

    def packet(self) -> bytes:
        self.packets += 1
        return struct.pack("!BBHII", 0x80, 0, self.packets & 0xFFFF, self.packets * SAMPLES & 0xFFFFFFFF, 0x48414C4F) + SILENCE


class FirstSound:
    """Use as a context manager. Callers name `port` as their media port; calls are told apart by the far side's port."""

    def __init__(self) -> None:
        self._line = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._line.bind(("127.0.0.1", 0))
        self._line.settimeout(LOOKS_EVERY_S)
        self._line.setsockopt(socket.SOL_SOCKET, KERNEL_TIME, 1)
        self.port = int(self._line.getsockname()[1])
        self._began: dict[int, list[float]] = {}
        self._last: dict[int, float] = {}
        self._ended: dict[int, float] = {}  # the first run of sound
        self._mouths: dict[int, Mouth] = {}
        self._log, self._read_to = Path("/nonexistent"), 0
        self._over = Event()
        self._thread = Thread(target=self._run, name="first-sound", daemon=True)

    def __enter__(self) -> "FirstSound":
        self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._over.set()
        self._thread.join()
        self._line.close()

    def follow(self, log: Path) -> None:
        """Speak to every call that this log of SIPp's says was answered: Asterisk waits for a caller's first packet."""
        self._log, self._read_to = log, 0

    def after(self, far_port: int, moment: float, until: float) -> float | None:
        """When (seconds since 1970) the first sound from `far_port` came within this time; None when none did."""
        return next((at for at in self._began.get(far_port, []) if moment - 0.05 <= at <= until), None)

    def first_run_s(self, far_port: int) -> float:
        """How long the first sound from `far_port` went on, until a silence. Raises KeyError when none came."""
        return self._ended[far_port] - self._began[far_port][0]

    def _run(self) -> None:
        while not self._over.is_set():
            self._listen()
            self._find_answered()
            now = time.time()
            for far_port, mouth in list(self._mouths.items()):
                if now >= mouth.until:
                    del self._mouths[far_port]
                elif now >= mouth.next_at:
                    mouth.next_at += PACKET_S
                    self._line.sendto(mouth.packet(), ("127.0.0.1", far_port))

    def _listen(self) -> None:
        try:
            _packet, told, _flags, (_host, far_port) = self._line.recvmsg(2048, socket.CMSG_SPACE(16))
        except (TimeoutError, ConnectionError):
            return
        seconds, nanoseconds = next(struct.unpack("@qq", data) for _level, kind, data in told if kind == KERNEL_TIME)
        now = seconds + nanoseconds / 1e9
        if now - self._last.get(far_port, 0) > NEW_CALL_AFTER_S:
            self._began.setdefault(far_port, []).append(now)
        if len(self._began[far_port]) == 1:
            self._ended[far_port] = now
        self._last[far_port] = now

    def _find_answered(self) -> None:
        if not self._log.exists() or self._log.stat().st_size <= self._read_to:
            return
        fresh = self._log.read_bytes()[self._read_to :]
        whole = fresh[: fresh.rfind(b"\n") + 1]
        self._read_to += len(whole)
        for line in whole.decode("ascii").splitlines():
            step, _call, detail, _moment = line.split(";", 3)
            if step == "answered" and detail:
                self._mouths[int(detail)] = Mouth(time.time(), time.time() + SPEAKS_S)
