"""Webhooks and what has become of their messages."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "webhook",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("url", sa.String(), nullable=False),
        sa.Column("secret", sa.String(), nullable=False),
        sa.Column("kinds", sa.JSON(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("told_seq", sa.BigInteger(), nullable=False),
        sa.Column("paused_until_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("url <> ''", name=op.f("ck_webhook_has_url")),
        sa.CheckConstraint("secret <> ''", name=op.f("ck_webhook_has_secret")),
        sa.CheckConstraint("told_seq >= 0", name=op.f("ck_webhook_told_seq_positive")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhook")),
    )
    op.create_table(
        "webhook_delivery",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("webhook_id", sa.Integer(), nullable=False),
        sa.Column("event_seq", sa.BigInteger(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answer", sa.Integer(), nullable=True),
        sa.Column("fault", sa.Text(), nullable=False),
        sa.CheckConstraint("status IN ('waiting', 'delivered', 'dead')", name=op.f("ck_webhook_delivery_status_known")),
        sa.CheckConstraint("tries >= 0", name=op.f("ck_webhook_delivery_tries_positive")),
        sa.ForeignKeyConstraint(["webhook_id"], ["webhook.id"], name=op.f("fk_webhook_delivery_webhook_id")),
        sa.ForeignKeyConstraint(["event_seq"], ["event.seq"], name=op.f("fk_webhook_delivery_event_seq")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhook_delivery")),
        sa.UniqueConstraint("webhook_id", "event_seq", name=op.f("uq_webhook_delivery_webhook_id_event_seq")),
    )
    op.create_index("ix_webhook_delivery_event_seq", "webhook_delivery", ["event_seq"])
    op.create_index("ix_webhook_delivery_status_next_at", "webhook_delivery", ["status", "next_at"])


def downgrade() -> None:
    op.drop_table("webhook_delivery")
    op.drop_table("webhook")
