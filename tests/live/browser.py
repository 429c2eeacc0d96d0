"""A real browser at an agent's or supervisor's page: Debian's Chromium, headless, with a tone for a microphone."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from playwright.sync_api import Page, Playwright

from launch.logins import read_logins
from tests.live.house import House

CHROMIUM = "/usr/bin/chromium"
FLAGS = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream",
    "--allow-loopback-in-peer-connection", "--autoplay-policy=no-user-gesture-required",
    "--disable-features=WebRtcHideLocalIpsWithMdns",
)  # fmt: skip
WAIT_MS = 20_000

# Notes, in the page itself, when the customer's name was there and when the phone began to ring.
_DIARY = """
window.haloDiary = [];
const write = () => window.haloDiary.push({
  at: performance.now(), state: document.body.dataset.agentState, phone: document.body.dataset.phone,
  name: document.querySelector('#work .person__name')?.textContent ?? '',
});
document.addEventListener('DOMContentLoaded', () => {
  new MutationObserver(write).observe(document.body, {attributes: true, childList: true, subtree: true});
});
"""

# The remote voice, as the agent hears it: three seconds of samples.
_LISTEN = """
async () => {
  const context = new AudioContext({sampleRate: 16000});
  const source = context.createMediaStreamSource(document.getElementById('remote-audio').srcObject);
  const tap = context.createScriptProcessor(4096, 1, 1);
  const heard = [];
  source.connect(tap); tap.connect(context.destination);
  await new Promise((done) => {
    tap.onaudioprocess = (event) => {
      heard.push(...event.inputBuffer.getChannelData(0));
      if (heard.length >= 48000) done();
    };
  });
  await context.close();
  return heard;
}
"""


@contextmanager
def browser_page(playwright: Playwright, halo: House, login: str, microphone: Path | None = None, **options) -> Iterator[Page]:
    """A page of its own browser, logged in as one of the demo's people."""
    flags = [*FLAGS, f"--use-file-for-fake-audio-capture={microphone}"] if microphone else list(FLAGS)
    browser = playwright.chromium.launch(executable_path=CHROMIUM, args=flags)
    try:
        page = browser.new_context(viewport={"width": 1366, "height": 768}, **options).new_page()
        page.set_default_timeout(WAIT_MS)
        page.add_init_script(_DIARY)
        password = next(one.password for one in read_logins(halo.settings.home) if one.name == login)
        page.goto(halo.address)
        page.fill("input[name=login]", login)
        page.fill("input[name=password]", password)
        page.keyboard.press("Enter")
        page.wait_for_selector("nav.rail")
        yield page
    finally:
        browser.close()


def choose_language(page: Page, language: str) -> None:
    """From the menu under one's own name."""
    page.click(".rail__me")
    page.click(f"button[name=language][value={language}]")
    page.wait_for_selector(f"html[lang={language}]")


def wait_for(page: Page, **data: str) -> None:
    """Wait until the page's body carries these data attributes: `wait_for(page, agent_state="READY")`."""
    page.wait_for_selector("body" + "".join(f"[data-{name.replace('_', '-')}='{value}']" for name, value in data.items()))


def go_ready(page: Page) -> None:
    """F2, once the phone is there."""
    wait_for(page, phone="registered")
    page.keyboard.press("F2")
    wait_for(page, agent_state="READY")


def remote_voice(page: Page) -> tuple[np.ndarray, int]:
    """Three seconds of what the agent hears, and their sample rate."""
    return np.array(page.evaluate(_LISTEN)), 16000
