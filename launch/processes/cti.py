"""Starts a cti process; with the word "standby", the second one, on ports of its own."""

import asyncio
import sys

from agent_desktop.accounts import may_close_lines
from asterisk_conf.render import RECORDED_SOUNDS
from core.clock import SystemClock
from core.log import configure_logging
from core.settings import load_settings
from cti.service import CtiService
from ivr.espeak import EspeakSynthesizer
from ivr.voice import Voice
from launch.supervision.programs import STANDBY


def main() -> None:
    """Run until told to stop."""
    settings = load_settings()
    if "standby" in sys.argv[1:]:
        configure_logging(STANDBY)
        own = {"agi_port": settings.standby_agi_port, "metrics_port": settings.standby_metrics_port}
        settings = settings.model_copy(update=own)
    else:
        configure_logging("cti")
    voice = Voice(settings.home / "prompts", RECORDED_SOUNDS, EspeakSynthesizer())
    asyncio.run(CtiService(settings, SystemClock(), voice.file_for, may_close_lines).run())


if __name__ == "__main__":
    main()
