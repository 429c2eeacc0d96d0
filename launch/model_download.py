"""Fetches a file that an operator named from the network: over https only, up to a size, with a time limit on silence."""

import urllib.error
import urllib.request
from pathlib import Path
from urllib.parse import urlsplit

from core.errors import BadInput, Unavailable
from launch.console import StepLine

MOST_BYTES = 4 * 1024**3
_SILENCE_S = 30.0
_PIECE = 256 * 1024


def is_address(source: str) -> bool:
    """Whether it is an address and not a path."""
    return "://" in source


def download(address: str, file: Path, line: StepLine) -> None:
    """Write what the address holds to `file`. Raises BadInput for an address that is not https or holds too much, Unavailable."""
    if urlsplit(address).scheme != "https":
        raise BadInput("Models are fetched over https only.", "Give an https address, or a file that you fetched yourself.")
    try:
        # The scheme was checked: no file: or ftp: address comes here.
        with urllib.request.urlopen(address, timeout=_SILENCE_S) as answer, file.open("wb") as target:  # noqa: S310
            got = 0
            while piece := answer.read(_PIECE):
                got += len(piece)
                if got > MOST_BYTES:
                    raise BadInput(
                        f"The address holds more than {MOST_BYTES // 1024**3} GB.", "That is no speech model for a telephone."
                    )
                target.write(piece)
        line.note(f"{got / 1e6:.0f} MB")
    except (urllib.error.URLError, TimeoutError, OSError) as problem:
        raise Unavailable(f"The model can't be fetched: {problem}.", "Check the address and the network, then try again.") from None
