"""Whether this process can work, and its figures."""

from flask import Blueprint, Response, jsonify, request
from flask.typing import ResponseReturnValue
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from agent_desktop.proxy import is_this_machine
from agent_desktop.redis_guard import redis_answers
from agent_desktop.services import services
from core.errors import NotFound, Unavailable

blueprint = Blueprint("health", __name__)


@blueprint.get("/health")
def health() -> ResponseReturnValue:
    """200 only when both the database and Redis answer."""
    answers = {"database": _database_answers(), "redis": _redis_answers()}
    return jsonify(answers), 200 if all(answers.values()) else 503


@blueprint.get("/metrics")
def metrics() -> ResponseReturnValue:
    """Prometheus figures, for this machine only."""
    if not is_this_machine(request.remote_addr or ""):
        raise NotFound("There is no such page.", "Nothing to do.")
    return Response(services().figures.text(), mimetype="text/plain; version=0.0.4")


def _database_answers() -> bool:
    try:
        with services().database.reading() as session:
            return bool(session.scalar(text("SELECT 1")) == 1)
    except SQLAlchemyError:
        return False


def _redis_answers() -> bool:
    try:
        with redis_answers():
            return bool(services().store.redis.ping())
    except Unavailable:
        return False
