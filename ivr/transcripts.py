"""Transcribes what callers recorded, a few recordings at a time, and keeps each transcript at once."""

from collections.abc import Iterable

from core.clock import stopwatch_s
from core.database import Database
from core.errors import Unavailable
from core.log import get_log
from core.settings import Settings
from crm.recordings import CallerRecording, TranscriptKind, keep_transcript, sort_by_model, without_transcript
from ivr.card_masking import without_cards
from ivr.flow_file import read_flow
from ivr.flow_version import grammar_sources
from ivr.flow_versions import in_force
from ivr.reception import HOTLINE
from ivr.speech.grammars import GrammarSource
from ivr.speech.installed_models import models_in_use
from ivr.speech.pronunciation import DIGITS, YES_NO, phrase_words
from ivr.speech.speech_set import GRAMMARS_FILE, load_speech_set
from ivr.speech.transcriber import UNKNOWN, Transcriber, Transcript
from ivr.speech.vosk_transcriber import ListeningModel
from ivr.spoken import LANGUAGES

MOST_AT_ONCE = 10
_NO_MORE_AFTER_S = 120.0  # other work waits for the same worker
_TELEPHONE_HZ = 8000

log = get_log(__name__)


def transcribe_waiting(database: Database, transcriber: Transcriber, most: int = MOST_AT_ONCE) -> list[CallerRecording]:
    """Transcribe recordings that have no transcript, at most so many of a language; returns those done. A broken file is done
    with, too. No language waits for another: one without a model is set aside until there is one."""
    with database.writing() as session:
        sort_by_model(session, transcriber.languages)
        session.commit()
    return [done for language in sorted(transcriber.languages) for done in _transcribe_in(language, database, transcriber, most)]


def _transcribe_in(language: str, database: Database, transcriber: Transcriber, most: int) -> list[CallerRecording]:
    with database.reading() as session:
        recordings = without_transcript(session, language, most)
    if not recordings:
        return []
    done: list[CallerRecording] = []
    began_s = stopwatch_s()
    try:
        transcripts = transcriber.transcribe([each.file for each in recordings], language)
        for recording, transcript in zip(recordings, transcripts, strict=False):
            _keep(database, recording, transcript)
            done.append(recording)
            if stopwatch_s() - began_s > _NO_MORE_AFTER_S / len(transcriber.languages):
                break
    except Unavailable as problem:
        log.warning("recordings_wait", language=language, count=len(recordings) - len(done), why=problem.code)
    return done


def listening_models(database: Database, settings: Settings) -> dict[str, ListeningModel]:
    """What can listen now, by language: a model that the operator brought, else the flow in force with that language's words."""
    larger = {
        language: ListeningModel(model.folder, model.sample_rate_hz, None)
        for language, model in models_in_use(settings.home).items()
    }
    return _flows_own(database, settings) | larger


def _flows_own(database: Database, settings: Settings) -> dict[str, ListeningModel]:
    with database.reading() as session:
        record = in_force(session, HOTLINE)
        found = (record.number, record.content, record.speech_set) if record else None
    if found is None or not found[2] or not (settings.speech_sets_folder / found[2] / GRAMMARS_FILE).is_file():
        return {}
    number, content, speech_set = found
    model = load_speech_set(settings.speech_sets_folder / speech_set).model
    sources = grammar_sources(read_flow(content, f"{HOTLINE} version {number}").flow).values()
    return {language: ListeningModel(model, _TELEPHONE_HZ, (*_words(sources, language), UNKNOWN)) for language in LANGUAGES}


def _words(sources: Iterable[GrammarSource], language: str) -> list[str]:
    """Every word of the flow's phrases in a language, digits, yes and no."""
    phrases = {word for source in sources for phrase in source.phrases.get(language, ()) for word in phrase_words(phrase)}
    return sorted({*phrases, *DIGITS[language], *YES_NO[language]})


def _keep(database: Database, recording: CallerRecording, transcript: Transcript) -> None:
    kind = TranscriptKind.KEYWORDS if transcript.keywords_only else TranscriptKind.FULL
    if transcript.text is None:
        kind = TranscriptKind.UNREADABLE
    text, card = without_cards(transcript.text or "")
    with database.writing() as session:
        keep_transcript(session, recording, text, kind, card)
        session.commit()
