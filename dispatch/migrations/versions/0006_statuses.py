"""More statuses (dispatched, to be continued, cancelled) and return visits."""

import sqlalchemy as sa
from alembic import op
from alembic.operations import BatchOperations

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

JOB_BEFORE = "status IN ('open', 'done', 'no_access', 'cancelled')"
JOB_AFTER = "status IN ('open', 'done', 'to_be_continued', 'no_access', 'cancelled')"
STOP_BEFORE = "status IN ('planned', 'en_route', 'on_site', 'done', 'no_access')"
STOP_AFTER = (
    "status IN ('planned', 'dispatched', 'en_route', 'on_site', 'done', 'to_be_continued', 'no_access', 'cancelled')"
)
END_BEFORE = "status NOT IN ('done', 'no_access') OR actual_end_at IS NOT NULL"
END_AFTER = "NOT status IN ('done', 'to_be_continued', 'no_access') OR actual_end_at IS NOT NULL"


def upgrade() -> None:
    with op.batch_alter_table("job") as table:
        table.add_column(sa.Column("return_of_id", sa.Integer(), nullable=True))
        table.create_foreign_key(op.f("fk_job_return_of_id"), "job", ["return_of_id"], ["id"])
        table.create_index(op.f("ix_job_return_of_id"), ["return_of_id"])
        table.create_check_constraint(op.f("ck_job_continues_another"), "return_of_id <> id")
        _replace_check(table, "ck_job_status_known", JOB_AFTER)
    with op.batch_alter_table("stop") as table:
        _replace_check(table, "ck_stop_status_known", STOP_AFTER)
        _replace_check(table, "ck_stop_finished_has_end", END_AFTER)
    # The older program closed a job under the technician who was on the way to it.
    op.execute(
        "UPDATE stop SET status = 'cancelled' WHERE status IN ('planned', 'en_route') "
        "AND job_id IN (SELECT id FROM job WHERE status = 'cancelled')"
    )


def downgrade() -> None:
    """The older program knows no return visits: they are jobs like any other, and what they continue is done."""
    op.execute("UPDATE job SET status = 'done' WHERE status = 'to_be_continued'")
    op.execute("UPDATE stop SET status = 'done' WHERE status = 'to_be_continued'")
    op.execute("UPDATE stop SET status = 'planned' WHERE status IN ('dispatched', 'cancelled')")
    with op.batch_alter_table("stop") as table:
        _replace_check(table, "ck_stop_finished_has_end", END_BEFORE)
        _replace_check(table, "ck_stop_status_known", STOP_BEFORE)
    with op.batch_alter_table("job") as table:
        _replace_check(table, "ck_job_status_known", JOB_BEFORE)
        table.drop_constraint(op.f("ck_job_continues_another"), type_="check")
        table.drop_constraint(op.f("fk_job_return_of_id"), type_="foreignkey")
        table.drop_index(op.f("ix_job_return_of_id"))
        table.drop_column("return_of_id")


def _replace_check(table: BatchOperations, name: str, condition: str) -> None:
    table.drop_constraint(op.f(name), type_="check")
    table.create_check_constraint(op.f(name), condition)
