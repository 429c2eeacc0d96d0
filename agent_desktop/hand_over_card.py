"""What an agent leaves for whoever has the caller next: shown with the screen pop."""

import json
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from agent_desktop.redis_guard import redis_answers
from agent_desktop.services import services
from agent_desktop.texts import _later

KEPT_S = 24 * 3600
MOST_KEPT, LONGEST_NOTE = 3, 500

# Why an agent hands a caller over: code, words.
WHY = {
    "other_team": _later("Belongs to another team"),
    "expert": _later("Needs somebody who knows more"),
    "asked": _later("Asked for this person"),
    "language": _later("Needs another language"),
    "complaint": _later("Complaint"),
}


@dataclass(frozen=True, slots=True)
class HandOverCard:
    """Who had the caller, why they gave them away, what is to be known; `script` is how far their script had come."""

    agent_id: str
    agent_name: str
    at: datetime
    queue: str
    why: str
    note: str
    script: str


def keep_card(interaction_id: str, card: HandOverCard) -> None:
    """Keep the newest cards of an interaction; losing them does no harm to the call."""
    key, memory = _key(interaction_id), services().store.redis
    with redis_answers(), memory.pipeline(transaction=True) as pipe:
        pipe.lpush(key, json.dumps(asdict(card) | {"at": card.at.isoformat()}))
        pipe.ltrim(key, 0, MOST_KEPT - 1)
        pipe.expire(key, timedelta(seconds=KEPT_S))
        pipe.execute()


def cards_of(interaction_id: str, besides: str) -> tuple[HandOverCard, ...]:
    """The cards that others than the agent `besides` have left, the newest first."""
    with redis_answers():
        texts = services().store.redis.lrange(_key(interaction_id), 0, MOST_KEPT - 1)
    cards = (_card(str(text)) for text in texts)
    return tuple(card for card in cards if card.agent_id != besides)


def _card(text: str) -> HandOverCard:
    body = json.loads(text)
    return HandOverCard(**body | {"at": datetime.fromisoformat(body["at"])})


def _key(interaction_id: str) -> str:
    return f"halo:handed:{interaction_id}"
