"""Events of the day also tell that a phone's report could not be taken."""

from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

BEFORE = (
    "kind IN ('emergency', 'technician_ill', 'technician_late', 'overrun', 'no_access', 'cancellation', "
    "'part_missing', 'road_closed', 'will_be_late', 'phone_silent')"
)
AFTER = BEFORE.removesuffix(")") + ", 'report_refused')"
TABLES = ("incident", "incident_policy")


def upgrade() -> None:
    _know(AFTER)


def downgrade() -> None:
    """What could not be taken is still told by the job's history."""
    for table in TABLES:
        op.execute(f"DELETE FROM {table} WHERE kind = 'report_refused'")
    _know(BEFORE)


def _know(kinds: str) -> None:
    for name in TABLES:
        with op.batch_alter_table(name) as table:
            table.drop_constraint(op.f(f"ck_{name}_kind_known"), type_="check")
            table.create_check_constraint(op.f(f"ck_{name}_kind_known"), kinds)
