"""Offers: product lines, promotions, what goes together, and what became of every offer."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0017"
down_revision: str | None = "0016"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "offer_models",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("fitted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("orders", sa.String(length=80), nullable=False),
        sa.Column("customers", sa.Integer(), nullable=False),
        sa.Column("pairs", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_offer_models")),
    )
    op.create_table(
        "offer_pairs",
        sa.Column("model_id", sa.Integer(), nullable=False),
        sa.Column("product_id", sa.Integer(), nullable=False),
        sa.Column("other_id", sa.Integer(), nullable=False),
        sa.Column("buyers", sa.Integer(), nullable=False),
        sa.Column("bought_then", sa.Integer(), nullable=False),
        sa.Column("lift", sa.Float(), nullable=False),
        sa.ForeignKeyConstraint(
            ["model_id"], ["offer_models.id"], name=op.f("fk_offer_pairs_model_id_offer_models"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["other_id"], ["products.id"], name=op.f("fk_offer_pairs_other_id_products"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["product_id"], ["products.id"], name=op.f("fk_offer_pairs_product_id_products"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("model_id", "product_id", "other_id", name=op.f("pk_offer_pairs")),
    )
    with op.batch_alter_table("offer_pairs", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_offer_pairs_other_id"), ["other_id"], unique=False)

    op.create_table(
        "offer_sellers",
        sa.Column("model_id", sa.Integer(), nullable=False),
        sa.Column("product_id", sa.Integer(), nullable=False),
        sa.Column("buyers", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["model_id"], ["offer_models.id"], name=op.f("fk_offer_sellers_model_id_offer_models"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["product_id"], ["products.id"], name=op.f("fk_offer_sellers_product_id_products"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("model_id", "product_id", name=op.f("pk_offer_sellers")),
    )
    with op.batch_alter_table("offer_sellers", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_offer_sellers_product_id"), ["product_id"], unique=False)

    op.create_table(
        "promotions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=24), nullable=False),
        sa.Column("product_id", sa.Integer(), nullable=False),
        sa.Column("name_id", sa.String(length=120), nullable=False),
        sa.Column("name_en", sa.String(length=120), nullable=False),
        sa.Column("discount_percent", sa.Integer(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.CheckConstraint("discount_percent BETWEEN 1 AND 90", name=op.f("ck_promotions_discount_percent")),
        sa.CheckConstraint("starts_on <= ends_on", name=op.f("ck_promotions_days")),
        sa.ForeignKeyConstraint(
            ["product_id"], ["products.id"], name=op.f("fk_promotions_product_id_products"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_promotions")),
        sa.UniqueConstraint("code", name=op.f("uq_promotions_code")),
    )
    with op.batch_alter_table("promotions", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_promotions_ends_on"), ["ends_on"], unique=False)
        batch_op.create_index(batch_op.f("ix_promotions_product_id"), ["product_id"], unique=False)

    op.create_table(
        "offers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("interaction_id", sa.String(length=36), nullable=False),
        sa.Column("customer_id", sa.Integer(), nullable=True),
        sa.Column("agent_id", sa.String(length=36), nullable=False),
        sa.Column("queue", sa.String(length=40), nullable=False),
        sa.Column("script", sa.String(length=40), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("arm", sa.String(length=12), nullable=False),
        sa.Column("arm_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("product_id", sa.Integer(), nullable=True),
        sa.Column("price_idr", sa.BigInteger(), nullable=True),
        sa.Column("promotion_id", sa.Integer(), nullable=True),
        sa.Column("because_id", sa.Integer(), nullable=True),
        sa.Column("share", sa.Float(), nullable=True),
        sa.Column("lift", sa.Float(), nullable=True),
        sa.Column("whys", sa.JSON(), nullable=False),
        sa.Column("passed_over", sa.JSON(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ticket", sa.String(length=16), nullable=False),
        sa.ForeignKeyConstraint(["because_id"], ["products.id"], name=op.f("fk_offers_because_id_products"), ondelete="SET NULL"),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customers.id"], name=op.f("fk_offers_customer_id_customers"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["product_id"], ["products.id"], name=op.f("fk_offers_product_id_products"), ondelete="SET NULL"),
        sa.ForeignKeyConstraint(
            ["promotion_id"], ["promotions.id"], name=op.f("fk_offers_promotion_id_promotions"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_offers")),
        sa.UniqueConstraint("interaction_id", name=op.f("uq_offers_interaction_id")),
    )
    with op.batch_alter_table("offers", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_offers_because_id"), ["because_id"], unique=False)
        batch_op.create_index("ix_offers_customer_id_decided_at", ["customer_id", "decided_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_offers_decided_at"), ["decided_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_offers_product_id"), ["product_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_offers_promotion_id"), ["promotion_id"], unique=False)

    with op.batch_alter_table("products", schema=None) as batch_op:
        batch_op.add_column(sa.Column("line", sa.String(length=40), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("line_step", sa.Integer(), nullable=False, server_default="0"))
        batch_op.add_column(sa.Column("bought_again", sa.Boolean(), nullable=False, server_default=sa.false()))
    with op.batch_alter_table("products", schema=None) as batch_op:
        for column in ("line", "line_step", "bought_again"):
            batch_op.alter_column(column, server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("products", schema=None) as batch_op:
        batch_op.drop_column("bought_again")
        batch_op.drop_column("line_step")
        batch_op.drop_column("line")

    with op.batch_alter_table("offers", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_offers_promotion_id"))
        batch_op.drop_index(batch_op.f("ix_offers_product_id"))
        batch_op.drop_index(batch_op.f("ix_offers_decided_at"))
        batch_op.drop_index("ix_offers_customer_id_decided_at")
        batch_op.drop_index(batch_op.f("ix_offers_because_id"))

    op.drop_table("offers")
    with op.batch_alter_table("promotions", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_promotions_product_id"))
        batch_op.drop_index(batch_op.f("ix_promotions_ends_on"))

    op.drop_table("promotions")
    with op.batch_alter_table("offer_sellers", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_offer_sellers_product_id"))

    op.drop_table("offer_sellers")
    with op.batch_alter_table("offer_pairs", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_offer_pairs_other_id"))

    op.drop_table("offer_pairs")
    op.drop_table("offer_models")
