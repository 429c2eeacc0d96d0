"""Makes what callers hear before the first one calls: prompts, those the dialplan plays by itself, and music."""

from pathlib import Path

from asterisk_conf.names import DIALPLAN_PROMPTS
from core.settings import Settings
from ivr.espeak import EspeakSynthesizer
from ivr.line import Prompt
from ivr.voice import Voice
from launch.hold_music import make_music
from launch.places import ROOT
from launch.supervision.programs import asterisk_conf_file
from launch.tone import make_tone

LANGUAGES = ("id", "en")
RECORDED = ROOT / "asterisk_conf" / "sounds"


def voice_of(settings: Settings) -> Voice:
    """The voice of this installation: recordings first, else espeak-ng, kept in the home."""
    return Voice(settings.home / "prompts", RECORDED, EspeakSynthesizer())


def make_prompts(settings: Settings) -> int:
    """Make every prompt that is the same for all callers, and the music; returns how many prompts there are."""
    voice = voice_of(settings)
    made = voice.prepare_all()
    asterisk = asterisk_conf_file(settings.home).parent.parent
    for language in LANGUAGES:
        for key in DIALPLAN_PROMPTS:
            _link(asterisk / "data" / "sounds" / "halo" / language / f"{key}.wav", voice.file_for(Prompt(key, language)))
    make_tone(asterisk / "data" / "sounds" / "beep.wav")
    make_music(asterisk / "music")
    return made


def _link(link: Path, target: Path) -> None:
    """Let the dialplan's fixed name point to the sound that is in force."""
    if link.is_symlink() and link.readlink() == target:
        return
    link.parent.mkdir(parents=True, exist_ok=True)
    fresh = link.with_name(f".{link.name}.new")
    fresh.unlink(missing_ok=True)
    fresh.symlink_to(target)
    fresh.replace(link)
