"""The telephone number that customers of a territory call."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("territory") as territory:
        territory.add_column(sa.Column("phone", sa.String(), nullable=True))


def downgrade() -> None:
    """The company's number is left."""
    with op.batch_alter_table("territory") as territory:
        territory.drop_column("phone")
