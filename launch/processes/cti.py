"""Starts the cti process."""

import asyncio

from agent_desktop.accounts import may_close_lines
from asterisk_conf.render import RECORDED_SOUNDS
from core.clock import SystemClock
from core.log import configure_logging
from core.settings import load_settings
from cti.service import CtiService
from ivr.espeak import EspeakSynthesizer
from ivr.voice import Voice


def main() -> None:
    """Run until told to stop."""
    configure_logging("cti")
    settings = load_settings()
    voice = Voice(settings.home / "prompts", RECORDED_SOUNDS, EspeakSynthesizer())
    asyncio.run(CtiService(settings, SystemClock(), voice.file_for, may_close_lines).run())


if __name__ == "__main__":
    main()
