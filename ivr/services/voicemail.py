"""Voicemail: a message for a team, heard by a person who calls back."""

from ivr.callback_promise import ask_callback_number, promise
from ivr.line import HungUp, Recording
from ivr.menu import PersonWanted
from ivr.outcome import Outcome, TurnedAway
from ivr.reasons import Reason, reason_text
from ivr.visit import Visit

AFTER = "after_message"
MOST_S, SILENCE_S = 120.0, 4.0
SHORTEST_S = 1.0  # less is a click or a breath
_TRIES = 3


class Voicemail:
    """Record, let them hear that it was kept, promise the call. Who hangs up after speaking is called back too, or at
    least heard, when the number is withheld: people say it in their message.

    Who wants a person after speaking gets one, and no promise: what becomes of the message is settled when the call is over
    (ivr.lost_recordings), since only then it is known whether they reached somebody."""

    name = "voicemail"
    menus = {AFTER: frozenset({"send", "again"})}  # noqa: RUF012  # never changed

    def run(self, visit: Visit) -> Outcome:
        visit.heard = ""  # what they heard before was not enough, or they would not leave a message
        subject = visit.subject or reason_text(Reason.VOICEMAIL)
        queue = visit.queue
        try:
            recording = self._record(visit)
        except HungUp as gone:
            if gone.recording and gone.recording.length_s >= SHORTEST_S:
                return promise(visit, visit.line.call.ani, queue, subject, str(gone.recording.file))
            raise
        if recording is None:
            visit.say("voicemail_nothing")
            return TurnedAway(visit.subject)
        try:
            number = ask_callback_number(visit)
        except HungUp:  # the message counts, whatever they want to do now
            return promise(visit, visit.line.call.ani, queue, subject, str(recording.file))
        except PersonWanted as wanted:
            if visit.person_queue and wanted.reason is Reason.ASKED_FOR_PERSON:
                raise
            number = visit.line.call.ani
        kept = promise(visit, number, queue, subject, str(recording.file))
        visit.say("voicemail_kept")
        return kept

    def _record(self, visit: Visit) -> Recording | None:
        """The message that counts; None after _TRIES without one. It may be said again as often as the caller likes."""
        opening, silent_times = "voicemail_speak", 0
        while silent_times < _TRIES:
            recording = visit.line.record(visit.prompt(opening), most_s=MOST_S, silence_s=SILENCE_S)
            opening = "voicemail_speak_again"
            if recording is None or recording.length_s < SHORTEST_S:
                silent_times += 1
            elif self._is_final(visit, recording):
                return recording
            else:
                recording.file.unlink(missing_ok=True)
        return None

    def _is_final(self, visit: Visit, recording: Recording) -> bool:
        """Whether it is to be sent. Who then wants a person, or can't be understood, has left a message while there is none."""
        try:
            cut_short = recording.length_s >= MOST_S - SHORTEST_S  # they should not wonder why they are asked in the middle of it
            return visit.ask(AFTER, *([visit.prompt("voicemail_full")] if cut_short else [])) == "send"
        except HungUp:
            raise HungUp(recording) from None
        except PersonWanted:
            if visit.person_queue:
                raise
            return True
