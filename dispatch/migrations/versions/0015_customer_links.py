"""Links to the page of a visit can be revoked: how often they were."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "customer_link",
        sa.Column("job_id", sa.Integer(), nullable=False),
        sa.Column("revoked", sa.Integer(), nullable=False),
        sa.CheckConstraint("revoked > 0", name=op.f("ck_customer_link_was_revoked")),
        sa.ForeignKeyConstraint(["job_id"], ["job.id"], name=op.f("fk_customer_link_job_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("job_id", name=op.f("pk_customer_link")),
    )


def downgrade() -> None:
    """Links that were revoked open their pages again in the older program, until they are too old."""
    op.drop_table("customer_link")
