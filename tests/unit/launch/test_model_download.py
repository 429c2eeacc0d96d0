"""A model comes over https from its first address to its last, or not at all."""

from email.message import Message
from io import BytesIO
from pathlib import Path
from urllib.request import HTTPHandler, HTTPSHandler, Request
from urllib.response import addinfourl

import pytest

from core.errors import BadInput, Unavailable
from launch.console import StepLine, step
from launch.model_download import download

FIRST = "https://models.example/small.zip"


class Network(HTTPSHandler, HTTPHandler):
    """Answers as its servers would: with a redirection, or with a file."""

    def __init__(self, leads_to: dict[str, str], code: int = 302) -> None:
        super().__init__()
        self._leads_to, self._code, self.asked = leads_to, code, list[str]()

    def https_open(self, req: Request) -> addinfourl:  # type: ignore[override]
        self.asked.append(req.full_url)
        headers, code = Message(), 200
        if req.full_url in self._leads_to:
            headers["Location"], code = self._leads_to[req.full_url], self._code
        answer = addinfourl(BytesIO(b"a model"), headers, req.full_url, code)
        answer.msg = "as it is"  # type: ignore[attr-defined]
        return answer

    http_open = https_open  # type: ignore[assignment]


def fetched(file: Path, network: Network) -> bytes:
    line: StepLine
    with step("fetching") as line:
        download(FIRST, file, line, network)
    return file.read_bytes()


@pytest.mark.parametrize("code", [301, 302, 303, 307, 308])
@pytest.mark.parametrize("target", ["http://models.example/small.zip", "ftp://models.example/small.zip", "file:///etc/passwd"])
def test_an_address_that_leads_away_from_https_is_refused_before_it_is_asked(tmp_path: Path, code: int, target: str) -> None:
    network = Network({FIRST: target}, code)
    with pytest.raises(BadInput, match="https only") as refused:
        fetched(tmp_path / "model.zip", network)
    assert "Give the https address" in refused.value.next_step
    assert network.asked == [FIRST]
    assert not (tmp_path / "model.zip").exists()


def test_the_second_step_may_not_leave_https_either(tmp_path: Path) -> None:
    second = "https://elsewhere.example/small.zip"
    network = Network({FIRST: second, second: "http://elsewhere.example/small.zip"})
    with pytest.raises(BadInput):
        fetched(tmp_path / "model.zip", network)
    assert network.asked == [FIRST, second]


@pytest.mark.parametrize("target", ["https://elsewhere.example/small.zip", "/files/small.zip"])
def test_from_https_to_https_is_followed(tmp_path: Path, target: str) -> None:
    assert fetched(tmp_path / "model.zip", Network({FIRST: target})) == b"a model"


def test_who_is_led_in_a_circle_is_told(tmp_path: Path) -> None:
    with pytest.raises(Unavailable):
        fetched(tmp_path / "model.zip", Network({FIRST: FIRST}))
