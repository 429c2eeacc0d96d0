"""Finding customers, changing them with a trail, and merging those who are on record twice."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from alembic import op

from crm.search_terms import index_customers

revision: str = "0018"
down_revision: str | None = "0017"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_BATCH = 20_000


def _bytewise(length: int) -> Any:
    return sa.String(length=length).with_variant(sa.String(length=length, collation="C"), "postgresql")


def upgrade() -> None:
    with op.batch_alter_table("customers", schema=None) as batch_op:
        batch_op.add_column(sa.Column("merged_into_id", sa.Integer(), nullable=True))
        batch_op.create_index(batch_op.f("ix_customers_merged_into_id"), ["merged_into_id"], unique=False)
        batch_op.create_foreign_key(
            batch_op.f("fk_customers_merged_into_id_customers"), "customers", ["merged_into_id"], ["id"], ondelete="SET NULL"
        )
    op.create_index("ix_interactions_customer_id_started_at", "interactions", ["customer_id", "started_at"])
    op.drop_index("ix_interactions_customer_id", table_name="interactions")
    op.create_table(
        "search_terms",
        sa.Column("kind", sa.String(length=1), nullable=False),
        sa.Column("term", _bytewise(321), nullable=False),
        sa.Column("customer_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customers.id"], name=op.f("fk_search_terms_customer_id_customers"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("kind", "term", "customer_id", name=op.f("pk_search_terms")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_search_terms_customer_id", "search_terms", ["customer_id"])
    op.create_table(
        "name_words",
        sa.Column("word", _bytewise(60), nullable=False),
        sa.PrimaryKeyConstraint("word", name=op.f("pk_name_words")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "name_word_parts",
        sa.Column("part", _bytewise(60), nullable=False),
        sa.Column("word", _bytewise(60), nullable=False),
        sa.PrimaryKeyConstraint("part", "word", name=op.f("pk_name_word_parts")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "customer_changes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("customer_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.String(length=240), nullable=False),
        sa.Column("changes", sa.JSON(), nullable=False),
        sa.Column("undone", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customers.id"], name=op.f("fk_customer_changes_customer_id_customers"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_customer_changes")),
    )
    op.create_index("ix_customer_changes_customer_id_id", "customer_changes", ["customer_id", "id"])
    op.create_table(
        "customer_merges",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kept_id", sa.Integer(), nullable=False),
        sa.Column("away_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.String(length=240), nullable=False),
        sa.Column("moved", sa.JSON(), nullable=False),
        sa.Column("consents", sa.JSON(), nullable=False),
        sa.Column("filled", sa.JSON(), nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("undone_by", sa.String(length=240), nullable=False),
        sa.ForeignKeyConstraint(
            ["away_id"], ["customers.id"], name=op.f("fk_customer_merges_away_id_customers"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["kept_id"], ["customers.id"], name=op.f("fk_customer_merges_kept_id_customers"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_customer_merges")),
    )
    op.create_index("ix_customer_merges_kept_id", "customer_merges", ["kept_id"])
    op.create_index("ix_customer_merges_away_id", "customer_merges", ["away_id"])
    op.create_index("ix_customer_merges_undone_at_at", "customer_merges", ["undone_at", "at"])
    _index_everybody()


def _index_everybody() -> None:
    """Whoever is on record already is found, too."""
    connection, last = op.get_bind(), 0
    while True:
        wanted = sa.text("SELECT id FROM customers WHERE id > :last ORDER BY id LIMIT :batch")
        ids = list(connection.scalars(wanted, {"last": last, "batch": _BATCH}))
        if not ids:
            return
        index_customers(connection, ids)
        last = ids[-1]


def downgrade() -> None:
    for table in ("customer_merges", "customer_changes", "name_word_parts", "name_words", "search_terms"):
        op.drop_table(table)
    op.create_index("ix_interactions_customer_id", "interactions", ["customer_id"])
    op.drop_index("ix_interactions_customer_id_started_at", table_name="interactions")
    with op.batch_alter_table("customers", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_customers_merged_into_id_customers"), type_="foreignkey")
        batch_op.drop_index(batch_op.f("ix_customers_merged_into_id"))
        batch_op.drop_column("merged_into_id")
