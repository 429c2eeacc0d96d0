"""Errors as people read them: a page or JSON that says what happened and what to do, in their language."""

from typing import Any

from flask import Flask, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import HTTPException, RequestedRangeNotSatisfiable

from agent_desktop.audit_trail import tell_access_refused
from agent_desktop.roles import home_of, is_api
from agent_desktop.sessions import current_user
from agent_desktop.texts import _, _later
from core.errors import HaloError
from core.log import get_log

_log = get_log(__name__)

# By the error's code: HTTP status, what happened, what to do.
WORDS: dict[str, tuple[int, Any, Any]] = {
    "not_logged_in": (401, _later("You are no longer logged in."), _later("Log in again.")),
    "not_allowed": (403, _later("This page is for another role."), _later("Go to your own page, or ask an administrator.")),
    "recording_not_theirs": (
        403,
        _later("This talk is for others to hear."),
        _later("Agents hear their own talks, supervisors those of their teams."),
    ),
    "not_found": (404, _later("That does not exist, or not for you."), _later("Check the address or search again.")),
    "bad_input": (400, _later("Something in what was sent does not fit."), _later("Load the page again and retry.")),
    "illegal_change": (409, _later("That is not possible in this state."), _later("Look at the state shown and try again.")),
    "phone_in_use": (409, _later("The phone can be changed only while you are not ready."), _later("Go not ready first (F2).")),
    "stale_reservation": (409, _later("That call has moved on already."), _later("Nothing to do.")),
    "call_log_behind": (503, _later("The call is still being recorded."), _later("It is saved by itself in a moment.")),
    "unavailable": (503, _later("A part of Halo does not answer just now."), _later("It is tried again by itself.")),
    "too_many": (429, _later("That was too often in a short time."), _later("Wait ten seconds.")),
    "stale_draft": (409, _later("This draft was changed in another window."), _later("Choose which of the two to keep.")),
    "overtaken": (
        409,
        _later("Another version came into force meanwhile."),
        _later("Look at what it changes, then publish again."),
    ),
    "policy_overtaken": (
        409,
        _later("Another version came into force meanwhile."),
        _later("Look at what it changes, then publish again."),
    ),
    "script_overtaken": (
        409,
        _later("Another version came into force meanwhile."),
        _later("Look at what it changes, then publish again."),
    ),
    "suggestion_breaks_rules": (409, _later("This would break a rule that must be kept."), _later("Choose another suggestion.")),
    "not_offered": (409, _later("No offer is shown in this call."), _later("Nothing to do.")),
    "script_faults": (400, _later("The script has faults."), _later("Mend what is listed, then try again.")),
    "script_not_comparable": (
        400,
        _later("A version that is tried must open as the one in force does, and say something else."),
        _later("Write `queues`, `opens_when` and `priority` as they are in force, or publish it for all calls."),
    ),
    "script_there": (409, _later("There is a script of that name already."), _later("Choose another name.")),
    "script_name": (
        400,
        _later("That can be no name of a script."),
        _later("Use 1 to 40 small letters, digits and _, a letter first."),
    ),
    "fact_wrong": (400, _later("That can't be what is known."), _later("Correct it, or leave it empty: not known.")),
    "trial_under_way": (409, _later("Two versions of this script are being compared."), _later("End the trial first.")),
    "policy_faults": (400, _later("The policy has faults."), _later("Mend what is listed, then try again.")),
    "note_missing": (400, _later("There is no note."), _later("Write in a few words what changed.")),
    "flow_faults": (400, _later("The flow has faults that callers would meet."), _later("Mend what is listed, then publish.")),
    "order_under_way": (409, _later("This flow is being published just now."), _later("Wait until that is done.")),
    "voice_failed": (503, _later("The voice does not work just now."), _later("Try again; ./halo doctor says what is missing.")),
    "skill_name": (
        400,
        _later("That can be no name of a skill."),
        _later("Use 1 to 40 small letters, digits, _ and -, a letter first."),
    ),
    "too_many_skills": (400, _later("An agent can't have more than 100 skills."), _later("Take some away first.")),
    "skills_moved": (409, _later("Somebody changed this meanwhile."), _later("Look at what it is now, then decide.")),
    "answer_missing": (400, _later("Nothing is written yet."), _later("Write the answer first.")),
    "answer_no_number": (400, _later("That is no number."), _later("Write it in digits.")),
    "answer_no_date": (400, _later("That is no day."), _later("Choose one from the calendar.")),
    "answer_out_of_bounds": (
        400,
        _later("That is not within what can be answered."),
        _later("Look at the bounds below the field."),
    ),
    "answer_too_long": (400, _later("That is too long."), _later("Say it in fewer words.")),
    "answer_not_here": (409, _later("That can't be answered here."), _later("Choose one of the answers shown.")),
    "customer_faults": (400, _later("That can't be so."), _later("Mend what is marked.")),
    "customer_moved": (409, _later("Somebody changed this meanwhile."), _later("Look at what it is now, then decide.")),
    "nothing_to_undo": (409, _later("That was undone already, or changed again."), _later("Load the page again.")),
    "merge_refused": (409, _later("These two can't be merged as they are now."), _later("Load the page again.")),
    "number_unknown": (400, _later("That is no phone number."), _later("Check the digits.")),
    "number_abroad": (400, _later("Numbers abroad may not be called from here."), _later("Ask your supervisor.")),
    "number_premium": (400, _later("That number costs more than a usual call."), _later("Ask your supervisor.")),
    "number_refused": (400, _later("That number may not be called from here."), _later("Ask your supervisor.")),
    "dial_busy": (409, _later("A call is in hand."), _later("Finish it first, then call.")),
    "no_line_out": (409, _later("Halo has no line to call out by."), _later("Ask an administrator to set HALO_OUTBOUND_TRUNK.")),
    "dial_hours": (409, _later("They are not called at this hour."), _later("Call them later.")),
    "dial_limit": (
        429,
        _later("You have had as many numbers called as are allowed for now."),
        _later("Wait, or ask your supervisor."),
    ),
    "dial_unknown_customer": (
        409,
        _later("Nobody on record has this number, so nobody has allowed a sales call to it."),
        _later("Call for a service, or find the customer first."),
    ),
    "dial_shared_number": (
        409,
        _later("Several customers have this number, and their consents are their own."),
        _later("Open the call from the customer whom you mean."),
    ),
    "dial_consent_never_asked": (
        409,
        _later("They were never asked whether we may sell by phone."),
        _later("Call for a service, ask them then, and note the consent on their page."),
    ),
    "dial_consent_refused": (409, _later("They do not want sales calls."), _later("Call for a service only.")),
    "wrap_up_longest": (409, _later("This wrap-up can't last any longer."), _later("Save it, or finish it later.")),
    "ticket_illegal": (409, _later("That is not possible with a ticket in this status."), _later("Look at its status again.")),
    "no_customer": (409, _later("Nobody knows yet who calls."), _later("Find the customer first.")),
    "ticket_moved": (409, _later("Somebody changed this meanwhile."), _later("Look at what it is now, then decide.")),
    "ticket_twin": (
        409,
        _later("This call has another ticket of that category already."),
        _later("Use the other ticket, or choose another category."),
    ),
    "article_moved": (409, _later("Somebody changed this meanwhile."), _later("Look at what it is now, then decide.")),
    "article_there": (
        409,
        _later("There is an article of this name in this language already."),
        _later("Choose another name, or edit that one."),
    ),
    "shift_not_theirs": (403, _later("This is between others."), _later("Look at your own shifts, and at those offered to you.")),
    "shift_begun": (409, _later("A shift that has begun stays as it is."), _later("Ask your supervisor.")),
    "shift_moved": (409, _later("That shift is no longer as it was."), _later("Look at the shifts again.")),
    "shift_has_training": (
        409,
        _later("There is a training in this shift, and that goes to nobody else."),
        _later("Ask your planner."),
    ),
    "asked_already": (409, _later("There is an open request for this already."), _later("Take that back first.")),
    "ask_moved": (409, _later("Somebody was faster, or it was taken back."), _later("Look at what is open now.")),
    "both_work": (409, _later("One of you works on that day already."), _later("Choose another day or colleague.")),
    "no_contract": (409, _later("No contract is on record, so no rule can be checked."), _later("Ask your planner.")),
    "rules_broken": (409, _later("A rule of working hours does not allow this."), _later("Choose another shift or colleague.")),
    "time_off_wrong": (
        400,
        _later("These days can't be asked for."),
        _later("Choose up to 62 days, from today on, within a year."),
    ),
    "roster_moved": (409, _later("Somebody changed one of these cells meanwhile."), _later("Look at what it is now, then decide.")),
    "rules_overtaken": (
        409,
        _later("Other rules came into force meanwhile."),
        _later("Look at what they change, then publish again."),
    ),
    "rules_faults": (400, _later("The rules have faults."), _later("Mend what is listed, then try again.")),
    "special_day_wrong": (400, _later("That can't be so."), _later("Mend what is marked.")),
    "overruling_wrong": (400, _later("That can't be so."), _later("Mend what is marked.")),
    "table_fault": (400, _later("The table has a fault."), _later("Mend it, then bring it again.")),
    "csrf": (400, _later("This page was open for too long."), _later("Load it again and retry.")),
    "too_large": (413, _later("That is too long to be saved."), _later("Shorten it.")),
    "method": (405, _later("The page can't be used like this."), _later("Go back and use its buttons.")),
    "server": (500, _later("Something went wrong on our side."), _later("Try again; if it happens again, tell support the time.")),
}
_FORBIDDEN = 403
_BY_STATUS = {400: "bad_input", 404: "not_found", 405: "method", 413: "too_large"}


def set_up_problems(app: Flask) -> None:
    """Answer every error with words."""
    app.register_error_handler(HaloError, _ours)
    app.register_error_handler(CSRFError, lambda _error: answer("csrf", retryable=False))
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(OperationalError, _records_away)
    app.register_error_handler(Exception, _unexpected)


def answer(code: str, retryable: bool, said: tuple[str, str] | None = None) -> ResponseReturnValue:
    """The error as JSON for a script, as a page for a person; `said` is what happened and what to do, where it is more exact."""
    status, *words = WORDS.get(code, WORDS["server"])
    what, next_step = said or words
    if is_api():
        return jsonify(error={"code": code, "message": str(what), "next_step": str(next_step), "retryable": retryable}), status
    user = current_user()
    if code == "csrf" and user is None:
        return redirect(url_for("auth.login", stale=1))
    home = home_of(user) if user else url_for("auth.login")
    label = _("To my page") if user else _("To the log-in")
    looks_again = code == "unavailable" and request.method == "GET"
    page = render_template("problem.html", what=what, next_step=next_step, home=home, label=label, looks_again=looks_again)
    return page, status


def words_of(code: str) -> str:
    """What an error of this code means and what to do, in one line."""
    _status, what, next_step = WORDS.get(code, WORDS["server"])
    return f"{what} {next_step}"


def _ours(error: HaloError) -> ResponseReturnValue:
    _log.info("request_refused", code=error.code)
    user = current_user()
    if user is not None and WORDS.get(error.code, WORDS["server"])[0] == _FORBIDDEN:
        tell_access_refused(user)
    return answer(error.code, error.retryable)


def _http(error: HTTPException) -> ResponseReturnValue:
    if error.code is not None and (error.code < 400 or isinstance(error, RequestedRangeNotSatisfiable)):
        return error.get_response()
    return answer(_BY_STATUS.get(error.code or 500, "server"), retryable=False)


def _records_away(error: OperationalError) -> ResponseReturnValue:
    _log.warning("records_away", why=type(error.orig).__name__)
    return answer("unavailable", retryable=True)


def _unexpected(error: Exception) -> ResponseReturnValue:
    _log.error("request_failed", exc_info=error)
    return answer("server", retryable=False)
