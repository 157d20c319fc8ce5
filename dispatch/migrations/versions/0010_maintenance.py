"""Recurring work, and which of its turns became jobs."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "maintenance_plan",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("customer_id", sa.Integer(), nullable=False),
        sa.Column("location_id", sa.Integer(), nullable=False),
        sa.Column("asset_id", sa.Integer(), nullable=True),
        sa.Column("contract_id", sa.Integer(), nullable=True),
        sa.Column("job_type_id", sa.Integer(), nullable=True),
        sa.Column("service_s", sa.Integer(), nullable=True),
        sa.Column("every", sa.Integer(), nullable=False),
        sa.Column("unit", sa.String(), nullable=False),
        sa.Column("count_from", sa.String(), nullable=False),
        sa.Column("first_due_on", sa.Date(), nullable=False),
        sa.Column("days_before", sa.Integer(), nullable=False),
        sa.Column("days_after", sa.Integer(), nullable=False),
        sa.Column("weekdays", sa.JSON(), nullable=False),
        sa.Column("months", sa.JSON(), nullable=False),
        sa.Column("technician_id", sa.Integer(), nullable=True),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("paused", sa.Boolean(), nullable=False),
        sa.Column("notes", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("title <> ''", name=op.f("ck_maintenance_plan_titled")),
        sa.CheckConstraint("unit IN ('week', 'month')", name=op.f("ck_maintenance_plan_unit_known")),
        sa.CheckConstraint("count_from IN ('planned', 'done')", name=op.f("ck_maintenance_plan_count_from_known")),
        sa.CheckConstraint("every BETWEEN 1 AND 120", name=op.f("ck_maintenance_plan_every_in_range")),
        sa.CheckConstraint("service_s > 0", name=op.f("ck_maintenance_plan_service_positive")),
        sa.CheckConstraint(
            "service_s IS NOT NULL OR job_type_id IS NOT NULL", name=op.f("ck_maintenance_plan_length_known")
        ),
        sa.CheckConstraint(
            "days_before BETWEEN 0 AND 366 AND days_after BETWEEN 0 AND 366",
            name=op.f("ck_maintenance_plan_window_in_range"),
        ),
        sa.ForeignKeyConstraint(["customer_id"], ["customer.id"], name=op.f("fk_maintenance_plan_customer_id")),
        sa.ForeignKeyConstraint(["location_id"], ["location.id"], name=op.f("fk_maintenance_plan_location_id")),
        sa.ForeignKeyConstraint(["asset_id"], ["asset.id"], name=op.f("fk_maintenance_plan_asset_id")),
        sa.ForeignKeyConstraint(["job_type_id"], ["job_type.id"], name=op.f("fk_maintenance_plan_job_type_id")),
        sa.ForeignKeyConstraint(["technician_id"], ["technician.id"], name=op.f("fk_maintenance_plan_technician_id")),
        sa.ForeignKeyConstraint(
            ["contract_id", "customer_id"],
            ["contract.id", "contract.customer_id"],
            name=op.f("fk_maintenance_plan_contract_id_customer_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_maintenance_plan")),
    )
    for column in ("customer_id", "location_id", "asset_id", "contract_id", "job_type_id", "technician_id"):
        op.create_index(f"ix_maintenance_plan_{column}", "maintenance_plan", [column])
    op.create_table(
        "maintenance_visit",
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("turn", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("job_id", sa.Integer(), nullable=True),
        sa.Column("left_out_reason", sa.String(), nullable=True),
        sa.CheckConstraint("turn >= 0", name=op.f("ck_maintenance_visit_turn_positive")),
        sa.CheckConstraint(
            "(job_id IS NULL) = (left_out_reason IS NOT NULL)", name=op.f("ck_maintenance_visit_job_or_reason")
        ),
        sa.CheckConstraint("left_out_reason <> ''", name=op.f("ck_maintenance_visit_reason_given")),
        sa.ForeignKeyConstraint(
            ["plan_id"], ["maintenance_plan.id"], name=op.f("fk_maintenance_visit_plan_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["job_id"], ["job.id"], name=op.f("fk_maintenance_visit_job_id")),
        sa.PrimaryKeyConstraint("plan_id", "turn", name=op.f("pk_maintenance_visit")),
        sa.UniqueConstraint("job_id", name=op.f("uq_maintenance_visit_job_id")),
        sa.UniqueConstraint("plan_id", "due_on", name=op.f("uq_maintenance_visit_plan_id_due_on")),
    )


def downgrade() -> None:
    op.drop_table("maintenance_visit")
    op.drop_table("maintenance_plan")
