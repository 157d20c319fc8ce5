"""Tokens of the API, counts of its requests, and answers kept for requests that come twice."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "api_token",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("hint", sa.String(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("scopes", sa.JSON(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("name <> ''", name=op.f("ck_api_token_named")),
        sa.CheckConstraint("length(sha256) = 64", name=op.f("ck_api_token_sha256_whole")),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_api_token_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_token")),
        sa.UniqueConstraint("sha256", name=op.f("uq_api_token_sha256")),
    )
    op.create_index("ix_api_token_user_id", "api_token", ["user_id"])
    op.create_table(
        "request_count",
        sa.Column("bucket", sa.String(), nullable=False),
        sa.Column("since_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.CheckConstraint("bucket <> ''", name=op.f("ck_request_count_named")),
        sa.CheckConstraint("count >= 1", name=op.f("ck_request_count_count_positive")),
        sa.PrimaryKeyConstraint("bucket", name=op.f("pk_request_count")),
    )
    op.create_table(
        "kept_answer",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("request_sha256", sa.String(), nullable=False),
        sa.Column("kept_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("headers", sa.JSON(), nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.CheckConstraint("key <> ''", name=op.f("ck_kept_answer_named")),
        sa.CheckConstraint("length(request_sha256) = 64", name=op.f("ck_kept_answer_sha256_whole")),
        sa.CheckConstraint("status BETWEEN 200 AND 299", name=op.f("ck_kept_answer_status_of_success")),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_kept_answer_user_id")),
        sa.PrimaryKeyConstraint("user_id", "key", name=op.f("pk_kept_answer")),
    )
    op.create_index("ix_kept_answer_kept_at", "kept_answer", ["kept_at"])


def downgrade() -> None:
    op.drop_table("kept_answer")
    op.drop_table("request_count")
    op.drop_table("api_token")
