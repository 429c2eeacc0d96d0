"""Whether this process can work, and its figures."""

import ipaddress

from flask import Blueprint, Response, jsonify, request
from flask.typing import ResponseReturnValue
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

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
    if not ipaddress.ip_address(request.remote_addr or "0.0.0.0").is_loopback:  # noqa: S104  # compared, not bound
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
