"""Tickets whole, with notes, history and linked interactions; follow-ups; articles that agents look up."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0020"
down_revision: str | None = "0018"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_TICKET_INDEXES = {
    "ix_tickets_owner_status_due_at": ["owner", "status", "due_at"],
    "ix_tickets_status_due_at": ["status", "due_at"],
    "ix_tickets_opened_at": ["opened_at"],
}
_FULL_TEXT = "knowledge_index"


def _at(name: str, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _text(name: str, length: int) -> sa.Column[str]:
    return sa.Column(name, sa.String(length=length), nullable=False)


def _number(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.Integer(), nullable=False)


def _of(table: str, name: str, to: str, then: str = "CASCADE") -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([name], [f"{to}.id"], name=op.f(f"fk_{table}_{name}_{to}"), ondelete=then)


def _key(table: str, *columns: str) -> sa.PrimaryKeyConstraint:
    return sa.PrimaryKeyConstraint(*(columns or ("id",)), name=op.f(f"pk_{table}"))


def _once(table: str, *columns: str) -> sa.UniqueConstraint:
    return sa.UniqueConstraint(*columns, name=op.f(f"uq_{table}_{'_'.join(columns)}"))


def upgrade() -> None:
    _upgrade_tickets()
    _upgrade_follow_ups()
    _upgrade_knowledge()


def _upgrade_tickets() -> None:
    with op.batch_alter_table("tickets", schema=None) as batch_op:
        batch_op.add_column(sa.Column("owner", sa.String(length=36), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("team", sa.String(length=40), nullable=False, server_default=""))
        batch_op.add_column(_at("due_from", nullable=True))
        batch_op.add_column(sa.Column("paused_s", sa.Integer(), nullable=False, server_default="0"))
        batch_op.add_column(_at("waiting_since", nullable=True))
        batch_op.add_column(sa.Column("version", sa.Integer(), nullable=False, server_default="1"))
    with op.batch_alter_table("tickets", schema=None) as batch_op:
        for name in ("owner", "team", "paused_s", "version"):
            batch_op.alter_column(name, server_default=None)
    for name, columns in _TICKET_INDEXES.items():
        op.create_index(name, "tickets", columns)
    notes, changes, links = "ticket_notes", "ticket_changes", "ticket_interactions"
    op.create_table(
        notes, _number("id"), _number("ticket_id"), _at("at"), _text("by", 80), sa.Column("text", sa.Text(), nullable=False),
        _of(notes, "ticket_id", "tickets"), _key(notes),
    )  # fmt: skip
    op.create_index("ix_ticket_notes_ticket_id_id", notes, ["ticket_id", "id"])
    op.create_table(
        changes, _number("id"), _number("ticket_id"), _at("at"), _text("by", 80), _text("what", 20), _text("before", 200),
        _text("after", 200), _of(changes, "ticket_id", "tickets"), _key(changes),
    )  # fmt: skip
    op.create_index("ix_ticket_changes_ticket_id_id", changes, ["ticket_id", "id"])
    op.create_table(
        links, _number("id"), _number("ticket_id"), _text("interaction_id", 36), _at("at"), _text("by", 80),
        _of(links, "ticket_id", "tickets"), _key(links), _once(links, "ticket_id", "interaction_id"),
    )  # fmt: skip
    op.create_index("ix_ticket_interactions_interaction_id", links, ["interaction_id"])
    op.execute(
        "INSERT INTO ticket_interactions (ticket_id, interaction_id, at, by)"
        " SELECT id, interaction_id, opened_at, 'Halo' FROM tickets WHERE interaction_id IS NOT NULL"
    )


def _upgrade_follow_ups() -> None:
    table = "follow_ups"
    op.create_table(
        table, _number("id"), _text("agent_id", 36), _text("text", 200), sa.Column("customer_id", sa.Integer()),
        sa.Column("ticket_id", sa.Integer()), _at("created_at"), _at("due_at"), _at("told_at", True), _at("done_at", True),
        _of(table, "customer_id", "customers", "SET NULL"), _of(table, "ticket_id", "tickets", "SET NULL"), _key(table),
    )  # fmt: skip
    for column in ("customer_id", "ticket_id"):
        op.create_index(f"ix_follow_ups_{column}", table, [column])
    op.create_index("ix_follow_ups_agent_id_done_at_due_at", table, ["agent_id", "done_at", "due_at"])
    op.create_index("ix_follow_ups_told_at_due_at", table, ["told_at", "due_at"])


def _upgrade_knowledge() -> None:
    articles, versions, fits = "knowledge_articles", "knowledge_versions", "knowledge_fits"
    words, helps, misses = "knowledge_vocabulary", "knowledge_helps", "knowledge_misses"
    op.create_table(
        articles, _number("id"), _text("slug", 80), _text("language", 2), _number("newest"), _number("published"),
        _number("helped"), _key(articles), _once(articles, "slug", "language"),
    )  # fmt: skip
    op.create_index("ix_knowledge_articles_published", articles, ["published"])
    op.create_table(
        versions, _number("id"), _number("article_id"), _number("number"), _text("title", 160),
        sa.Column("body", sa.Text(), nullable=False), sa.Column("plain", sa.Text(), nullable=False),
        sa.Column("tags", sa.JSON(), nullable=False),
        sa.Column("fits", sa.JSON(), nullable=False), _at("at"), _text("by", 80), _of(versions, "article_id", articles),
        _key(versions), _once(versions, "article_id", "number"),
    )  # fmt: skip
    op.create_table(
        fits, _number("article_id"), _text("kind", 8), _text("value", 40), _of(fits, "article_id", articles),
        _key(fits, "article_id", "kind", "value"),
    )  # fmt: skip
    op.create_index("ix_knowledge_fits_kind_value", fits, ["kind", "value"])
    op.create_table(words, _text("word", 40), _key(words, "word"))
    op.create_table(
        helps, _number("id"), _number("article_id"), _text("agent_id", 36), _text("interaction_id", 36), _at("at"),
        _of(helps, "article_id", articles), _key(helps), _once(helps, "article_id", "agent_id", "interaction_id"),
    )  # fmt: skip
    op.create_table(
        misses, _number("id"), _text("text", 120), _text("language", 2), _number("count"), _at("at"), _key(misses),
        _once(misses, "text", "language"),
    )  # fmt: skip
    op.create_index("ix_knowledge_misses_count", misses, ["count"])
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            f"CREATE VIRTUAL TABLE {_FULL_TEXT} USING fts5(title, tags, body,"
            " tokenize = 'unicode61 remove_diacritics 2', prefix = '2 3')"
        )
        return
    op.execute(
        f"CREATE TABLE {_FULL_TEXT} (article_id INTEGER PRIMARY KEY REFERENCES knowledge_articles (id) ON DELETE CASCADE,"
        " words TSVECTOR NOT NULL)"
    )
    op.execute(f"CREATE INDEX ix_{_FULL_TEXT}_words ON {_FULL_TEXT} USING gin (words)")


def downgrade() -> None:
    op.drop_table(_FULL_TEXT)
    for table in ("misses", "helps", "vocabulary", "fits", "versions", "articles"):
        op.drop_table(f"knowledge_{table}")
    for table in ("follow_ups", "ticket_interactions", "ticket_changes", "ticket_notes"):
        op.drop_table(table)
    for name in _TICKET_INDEXES:
        op.drop_index(name, table_name="tickets")
    with op.batch_alter_table("tickets", schema=None) as batch_op:
        for name in ("owner", "team", "due_from", "paused_s", "waiting_since", "version"):
            batch_op.drop_column(name)
