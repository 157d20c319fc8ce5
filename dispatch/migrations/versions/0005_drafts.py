"""Drafts: what a plan changes line by line, what people decided about it, and who published which version."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

OLD_STATUSES = "status IN ('draft', 'published', 'superseded')"
STATUSES = "status IN ('draft', 'decided', 'discarded', 'published', 'superseded')"


def upgrade() -> None:
    with op.batch_alter_table("plan_version", schema=None) as table:
        table.add_column(sa.Column("base_id", sa.Integer(), nullable=True))
        table.add_column(sa.Column("draft_id", sa.Integer(), nullable=True))
        table.add_column(sa.Column("revision", sa.Integer(), nullable=False, server_default="1"))
        table.add_column(sa.Column("published_at", sa.DateTime(timezone=True), nullable=True))
        table.add_column(sa.Column("published_by_user_id", sa.Integer(), nullable=True))
    # Until now every version was published in the moment in which it was made.
    op.execute("UPDATE plan_version SET published_at = made_at WHERE status <> 'draft'")
    op.execute("UPDATE plan_version SET status = 'superseded', published_at = made_at WHERE status = 'draft'")
    with op.batch_alter_table("plan_version", schema=None) as table:
        table.alter_column("revision", server_default=None)
        table.drop_constraint(op.f("ck_plan_version_status_known"), type_="check")
        table.create_check_constraint(op.f("ck_plan_version_status_known"), STATUSES)
        table.create_check_constraint(
            op.f("ck_plan_version_published_has_time"),
            "(status IN ('published', 'superseded')) = (published_at IS NOT NULL)",
        )
        table.create_check_constraint(op.f("ck_plan_version_revision_positive"), "revision >= 1")
        table.create_foreign_key(op.f("fk_plan_version_base_id"), "plan_version", ["base_id"], ["id"])
        table.create_foreign_key(op.f("fk_plan_version_draft_id"), "plan_version", ["draft_id"], ["id"])
        table.create_foreign_key(
            op.f("fk_plan_version_published_by_user_id"), "user_account", ["published_by_user_id"], ["id"]
        )
        table.create_unique_constraint(op.f("uq_plan_version_draft_id"), ["draft_id"])
        table.create_index(op.f("ix_plan_version_base_id"), ["base_id"])
        table.create_index(op.f("ix_plan_version_published_by_user_id"), ["published_by_user_id"])
        table.create_index(
            "uq_plan_version_one_draft",
            ["plan_on"],
            unique=True,
            sqlite_where=sa.text("status = 'draft'"),
            postgresql_where=sa.text("status = 'draft'"),
        )
    with op.batch_alter_table("plan_violation", schema=None) as table:
        table.add_column(sa.Column("kept_by_user_id", sa.Integer(), nullable=True))
        table.add_column(sa.Column("kept_reason", sa.Text(), nullable=True))
        table.create_foreign_key(op.f("fk_plan_violation_kept_by_user_id"), "user_account", ["kept_by_user_id"], ["id"])
        table.create_index(op.f("ix_plan_violation_kept_by_user_id"), ["kept_by_user_id"])
        table.create_check_constraint(
            op.f("ck_plan_violation_kept_by_somebody_for_a_reason"),
            "(kept_by_user_id IS NULL) = (kept_reason IS NULL)",
        )
        table.create_check_constraint(op.f("ck_plan_violation_kept_reason_given"), "kept_reason <> ''")
    _create_plan_change()


def _create_plan_change() -> None:
    op.create_table(
        "plan_change",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("job_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("from_technician_id", sa.Integer(), nullable=True),
        sa.Column("from_start_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("to_technician_id", sa.Integer(), nullable=True),
        sa.Column("to_start_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("gain", sa.BigInteger(), nullable=True),
        sa.Column("costs", sa.JSON(), nullable=False),
        sa.Column("together_job_ids", sa.JSON(), nullable=False),
        sa.Column("mark", sa.Text(), nullable=False),
        sa.Column("decision", sa.String(), nullable=False),
        sa.Column("decided_by_user_id", sa.Integer(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "kind IN ('added', 'left out', 'moved', 'retimed', 'gone')", name=op.f("ck_plan_change_kind_known")
        ),
        sa.CheckConstraint(
            "decision IN ('open', 'accepted', 'refused', 'edited')", name=op.f("ck_plan_change_decision_known")
        ),
        sa.CheckConstraint(
            "(from_technician_id IS NULL) = (from_start_at IS NULL)", name=op.f("ck_plan_change_from_whole")
        ),
        sa.CheckConstraint("(to_technician_id IS NULL) = (to_start_at IS NULL)", name=op.f("ck_plan_change_to_whole")),
        sa.CheckConstraint(
            "from_technician_id IS NOT NULL OR to_technician_id IS NOT NULL", name=op.f("ck_plan_change_from_or_to")
        ),
        sa.CheckConstraint(
            "decision = 'open' OR decided_at IS NOT NULL", name=op.f("ck_plan_change_decision_has_time")
        ),
        sa.ForeignKeyConstraint(
            ["plan_id"], ["plan_version.id"], name=op.f("fk_plan_change_plan_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["job_id"], ["job.id"], name=op.f("fk_plan_change_job_id")),
        sa.ForeignKeyConstraint(
            ["from_technician_id"], ["technician.id"], name=op.f("fk_plan_change_from_technician_id")
        ),
        sa.ForeignKeyConstraint(["to_technician_id"], ["technician.id"], name=op.f("fk_plan_change_to_technician_id")),
        sa.ForeignKeyConstraint(
            ["decided_by_user_id"], ["user_account.id"], name=op.f("fk_plan_change_decided_by_user_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_change")),
        sa.UniqueConstraint("plan_id", "job_id", name=op.f("uq_plan_change_plan_id_job_id")),
    )
    for column in ("job_id", "from_technician_id", "to_technician_id", "decided_by_user_id"):
        op.create_index(op.f(f"ix_plan_change_{column}"), "plan_change", [column])


def downgrade() -> None:
    """What was never published is dropped: the older program knows no drafts."""
    op.drop_table("plan_change")
    op.execute(
        "UPDATE task_run SET plan_id = NULL WHERE plan_id IN (SELECT id FROM plan_version WHERE published_at IS NULL)"
    )
    op.execute("UPDATE plan_version SET base_id = NULL, draft_id = NULL")
    # SQLite does not watch foreign keys meanwhile, so that nothing of these versions goes with them by itself.
    unpublished = "SELECT id FROM plan_version WHERE published_at IS NULL"
    op.execute(f"DELETE FROM rest WHERE route_id IN (SELECT id FROM plan_route WHERE plan_id IN ({unpublished}))")
    for table in ("stop", "plan_route", "unassigned_job", "plan_violation", "plan_record"):
        op.execute(f"DELETE FROM {table} WHERE plan_id IN ({unpublished})")
    op.execute("DELETE FROM plan_version WHERE published_at IS NULL")
    with op.batch_alter_table("plan_violation", schema=None) as table:
        table.drop_constraint(op.f("ck_plan_violation_kept_by_somebody_for_a_reason"), type_="check")
        table.drop_constraint(op.f("ck_plan_violation_kept_reason_given"), type_="check")
        table.drop_constraint(op.f("fk_plan_violation_kept_by_user_id"), type_="foreignkey")
        table.drop_index(op.f("ix_plan_violation_kept_by_user_id"))
        table.drop_column("kept_by_user_id")
        table.drop_column("kept_reason")
    with op.batch_alter_table("plan_version", schema=None) as table:
        table.drop_index("uq_plan_version_one_draft")
        table.drop_index(op.f("ix_plan_version_published_by_user_id"))
        table.drop_index(op.f("ix_plan_version_base_id"))
        table.drop_constraint(op.f("uq_plan_version_draft_id"), type_="unique")
        for name in ("published_by_user_id", "draft_id", "base_id"):
            table.drop_constraint(op.f(f"fk_plan_version_{name}"), type_="foreignkey")
        for name in ("published_has_time", "revision_positive", "status_known"):
            table.drop_constraint(op.f(f"ck_plan_version_{name}"), type_="check")
        table.create_check_constraint(op.f("ck_plan_version_status_known"), OLD_STATUSES)
        for name in ("published_by_user_id", "published_at", "revision", "draft_id", "base_id"):
            table.drop_column(name)
