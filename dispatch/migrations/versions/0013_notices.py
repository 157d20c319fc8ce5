"""What customers are told and answer, and how they want to be told."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "notice_text",
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("body <> ''", name=op.f("ck_notice_text_says_something")),
        sa.CheckConstraint("channel IN ('e-mail', 'SMS')", name=op.f("ck_notice_text_channel_known")),
        sa.CheckConstraint(
            "kind IN ('confirmed', 'moved', 'reminder', 'on_the_way', 'late', 'done', 'missed', 'cancelled')",
            name=op.f("ck_notice_text_kind_known"),
        ),
        sa.CheckConstraint("language IN ('en', 'es')", name=op.f("ck_notice_text_language_known")),
        sa.PrimaryKeyConstraint("kind", "channel", "language", name=op.f("pk_notice_text")),
    )
    op.create_table(
        "contact_wish",
        sa.Column("customer_id", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("no_email", sa.Boolean(), nullable=False),
        sa.Column("no_sms", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("language IN ('en', 'es')", name=op.f("ck_contact_wish_language_known")),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customer.id"], name=op.f("fk_contact_wish_customer_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("customer_id", name=op.f("pk_contact_wish")),
    )
    op.create_table(
        "customer_request",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("job_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("wants", sa.String(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_by_user_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("wants IN ('another time', 'cancel')", name=op.f("ck_customer_request_wants_known")),
        sa.CheckConstraint(
            "(answered_at IS NULL) = (answered_by_user_id IS NULL)",
            name=op.f("ck_customer_request_answered_by_somebody"),
        ),
        sa.ForeignKeyConstraint(
            ["answered_by_user_id"], ["user_account.id"], name=op.f("fk_customer_request_answered_by_user_id")
        ),
        sa.ForeignKeyConstraint(["job_id"], ["job.id"], name=op.f("fk_customer_request_job_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_customer_request")),
    )
    op.create_index("ix_customer_request_answered_by_user_id", "customer_request", ["answered_by_user_id"])
    op.create_index("ix_customer_request_job_id", "customer_request", ["job_id"])
    op.create_table(
        "feedback",
        sa.Column("job_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("score", sa.Integer(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.CheckConstraint("score BETWEEN 1 AND 5", name=op.f("ck_feedback_score_in_range")),
        sa.ForeignKeyConstraint(["job_id"], ["job.id"], name=op.f("fk_feedback_job_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("job_id", name=op.f("pk_feedback")),
    )
    op.create_table(
        "notice",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("job_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("about", sa.String(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("fault", sa.Text(), nullable=False),
        sa.Column("queued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("useful_until_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("told_from_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("told_until_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.CheckConstraint("about <> ''", name=op.f("ck_notice_about_something")),
        sa.CheckConstraint("channel IN ('e-mail', 'SMS')", name=op.f("ck_notice_channel_known")),
        sa.CheckConstraint(
            "kind IN ('confirmed', 'moved', 'reminder', 'on_the_way', 'late', 'done', 'missed', 'cancelled')",
            name=op.f("ck_notice_kind_known"),
        ),
        sa.CheckConstraint("status IN ('waiting', 'sent', 'dropped', 'given_up')", name=op.f("ck_notice_status_known")),
        sa.CheckConstraint("(told_from_at IS NULL) = (told_until_at IS NULL)", name=op.f("ck_notice_told_whole")),
        sa.CheckConstraint("told_from_at <= told_until_at", name=op.f("ck_notice_told_in_order")),
        sa.CheckConstraint("tries >= 0", name=op.f("ck_notice_tries_positive")),
        sa.ForeignKeyConstraint(["job_id"], ["job.id"], name=op.f("fk_notice_job_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice")),
        sa.UniqueConstraint("job_id", "kind", "channel", "about", name=op.f("uq_notice_job_id_kind_channel_about")),
    )
    op.create_index("ix_notice_status_next_at", "notice", ["status", "next_at"])


def downgrade() -> None:
    for table in ("notice", "feedback", "customer_request", "contact_wish", "notice_text"):
        op.drop_table(table)
