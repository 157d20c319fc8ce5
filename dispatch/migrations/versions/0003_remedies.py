"""What would have to change for an unassigned job to fit."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("unassigned_job", schema=None) as batch_op:
        batch_op.add_column(sa.Column("remedies", sa.JSON(), nullable=False, server_default="[]"))


def downgrade() -> None:
    with op.batch_alter_table("unassigned_job", schema=None) as batch_op:
        batch_op.drop_column("remedies")
