"""When a visit was sent to its technician's phone, and when it was seen there."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("stop") as stop:
        stop.add_column(sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True))
        stop.add_column(sa.Column("seen_at", sa.DateTime(timezone=True), nullable=True))
        stop.create_check_constraint(op.f("ck_stop_seen_after_sent"), "sent_at <= seen_at")


def downgrade() -> None:
    """What was sent stays sent; that it was seen is forgotten."""
    with op.batch_alter_table("stop") as stop:
        stop.drop_constraint(op.f("ck_stop_seen_after_sent"), type_="check")
        stop.drop_column("seen_at")
        stop.drop_column("sent_at")
