"""The versions of scripts that have been in force, and who put them there."""

from functools import lru_cache

from sqlalchemy import String, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from core.published_texts import How, Publications, PublishedText


class ScriptPublication(PublishedText):
    """A moment from which a version of a script is in force, or tried; with the number 0 what Halo ships is, if it ships one."""

    __tablename__ = "script_publications"

    name: Mapped[str] = mapped_column(String(40), index=True)


@lru_cache(maxsize=256)
def publications_of(name: str) -> Publications[ScriptPublication]:
    """The publications of one script."""
    return Publications(
        ScriptPublication, f"The script {name} has no version {{number}}.", "See ./halo scripts versions.", name=name
    )


_NEWEST = select(func.max(ScriptPublication.id))


def newest_id(session: Session) -> int | None:
    """The id of the last publication of any script; None when there is none."""
    return session.scalar(_NEWEST)


def all_in_force(session: Session) -> list[ScriptPublication]:
    """The publication in force of every script that was ever published, in the order of their names."""
    newest = select(func.max(ScriptPublication.id)).where(ScriptPublication.how != How.TRIED).group_by(ScriptPublication.name)
    return list(session.scalars(select(ScriptPublication).where(ScriptPublication.id.in_(newest)).order_by(ScriptPublication.name)))
