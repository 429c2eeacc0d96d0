"""Fetches a file that an operator named from the network: over https only, up to a size, with a time limit on silence."""

import urllib.error
import urllib.request
from http.client import HTTPMessage
from pathlib import Path
from typing import IO, Any
from urllib.parse import urljoin, urlsplit
from urllib.request import BaseHandler, HTTPRedirectHandler, Request

from core.errors import BadInput, Unavailable
from launch.console import StepLine

MOST_BYTES = 4 * 1024**3
_SAFE = "https"
_SILENCE_S = 30.0
_PIECE = 256 * 1024


def is_address(source: str) -> bool:
    """Whether it is an address and not a path."""
    return "://" in source


class SafeRedirects(HTTPRedirectHandler):
    """Follows from https to https alone: a step over anything else could be read and changed on its way."""

    def http_error_302(self, req: Request, fp: IO[bytes], code: int, msg: str, headers: HTTPMessage) -> Any:
        """As urllib's. Raises BadInput for an address that is not https."""
        target = urlsplit(urljoin(req.full_url, headers.get("Location") or headers.get("URI") or ""))
        if target.scheme != _SAFE:
            raise BadInput(
                f"The address leads on to {target.scheme}://{target.hostname or ''}, and models are fetched over https only.",
                "Give the https address of the file itself, or a file that you fetched and checked yourself.",
            )
        return super().http_error_302(req, fp, code, msg, headers)

    http_error_301 = http_error_303 = http_error_307 = http_error_308 = http_error_302


def download(address: str, file: Path, line: StepLine, *handlers: BaseHandler) -> None:
    """Write what the address holds to `file`. `handlers` are more of urllib's, beside the usual ones.

    Raises BadInput for an address that is not https, leads to one that is not, or holds too much; Unavailable.
    """
    if urlsplit(address).scheme != _SAFE:
        raise BadInput("Models are fetched over https only.", "Give an https address, or a file that you fetched yourself.")
    opener = urllib.request.build_opener(SafeRedirects, *handlers)
    try:
        with opener.open(address, timeout=_SILENCE_S) as answer, file.open("wb") as target:
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
