"""Wrong tries to sign in are counted by account and address, no longer on the account alone."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "wrong_tries",
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("since_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("locked_until_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("count >= 0", name=op.f("ck_wrong_tries_count_positive")),
        sa.CheckConstraint("email <> '' OR address <> ''", name=op.f("ck_wrong_tries_of_something")),
        sa.PrimaryKeyConstraint("email", "address", name=op.f("pk_wrong_tries")),
    )
    op.create_index("ix_wrong_tries_since_at", "wrong_tries", ["since_at"])
    with op.batch_alter_table("user_account") as table:
        table.drop_constraint(op.f("ck_user_account_failed_sign_ins_positive"), type_="check")
        table.drop_column("failed_sign_ins")
        table.drop_column("locked_until_at")


def downgrade() -> None:
    """Whoever is locked out is let in again: the older program counts anew."""
    with op.batch_alter_table("user_account") as table:
        table.add_column(sa.Column("failed_sign_ins", sa.Integer(), nullable=False, server_default="0"))
        table.add_column(sa.Column("locked_until_at", sa.DateTime(timezone=True), nullable=True))
        table.create_check_constraint(op.f("ck_user_account_failed_sign_ins_positive"), "failed_sign_ins >= 0")
    op.drop_table("wrong_tries")
