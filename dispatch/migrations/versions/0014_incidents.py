"""Events of the day, and what happens by itself when one is reported."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

KINDS = (
    "kind IN ('emergency', 'technician_ill', 'technician_late', 'overrun', 'no_access', 'cancellation', "
    "'part_missing', 'road_closed', 'will_be_late', 'phone_silent')"
)
ACTIONS = "action IN ('publish', 'propose', 'warn')"
OF_JOB = sa.text("status = 'open' AND job_id IS NOT NULL")
OF_TECHNICIAN = sa.text("status = 'open' AND job_id IS NULL AND technician_id IS NOT NULL")


def upgrade() -> None:
    op.create_table(
        "incident",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("incident_on", sa.Date(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("technician_id", sa.Integer(), nullable=True),
        sa.Column("job_id", sa.Integer(), nullable=True),
        sa.Column("from_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("until_on", sa.Date(), nullable=True),
        sa.Column("late_s", sa.Integer(), nullable=True),
        sa.Column("lat", sa.Double(), nullable=True),
        sa.Column("lon", sa.Double(), nullable=True),
        sa.Column("radius_m", sa.Integer(), nullable=True),
        sa.Column("part", sa.String(), nullable=True),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("reported_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reported_by_user_id", sa.Integer(), nullable=True),
        sa.Column("action", sa.String(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_by_user_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(KINDS, name=op.f("ck_incident_kind_known")),
        sa.CheckConstraint("status IN ('open', 'repaired', 'dismissed')", name=op.f("ck_incident_status_known")),
        sa.CheckConstraint(ACTIONS, name=op.f("ck_incident_action_known")),
        sa.CheckConstraint("(status = 'open') = (closed_at IS NULL)", name=op.f("ck_incident_closed_has_time")),
        sa.CheckConstraint("status <> 'dismissed' OR reason <> ''", name=op.f("ck_incident_dismissed_for_a_reason")),
        sa.CheckConstraint("from_at <= until_at", name=op.f("ck_incident_ends_after_start")),
        sa.CheckConstraint("incident_on <= until_on", name=op.f("ck_incident_lasts_from_its_day")),
        sa.CheckConstraint(
            "(lat IS NULL) = (lon IS NULL) AND (lat IS NULL) = (radius_m IS NULL)", name=op.f("ck_incident_area_whole")
        ),
        sa.CheckConstraint("radius_m > 0", name=op.f("ck_incident_radius_positive")),
        sa.CheckConstraint(
            "lat BETWEEN -90 AND 90 AND lon BETWEEN -180 AND 180", name=op.f("ck_incident_place_on_earth")
        ),
        sa.CheckConstraint("late_s >= 0", name=op.f("ck_incident_late_positive")),
        sa.ForeignKeyConstraint(["technician_id"], ["technician.id"], name=op.f("fk_incident_technician_id")),
        sa.ForeignKeyConstraint(["job_id"], ["job.id"], name=op.f("fk_incident_job_id")),
        sa.ForeignKeyConstraint(["part"], ["part.name"], name=op.f("fk_incident_part")),
        sa.ForeignKeyConstraint(
            ["plan_id"], ["plan_version.id"], name=op.f("fk_incident_plan_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["reported_by_user_id"], ["user_account.id"], name=op.f("fk_incident_reported_by_user_id")
        ),
        sa.ForeignKeyConstraint(["closed_by_user_id"], ["user_account.id"], name=op.f("fk_incident_closed_by_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incident")),
    )
    for column in (
        "incident_on",
        "technician_id",
        "job_id",
        "part",
        "plan_id",
        "reported_by_user_id",
        "closed_by_user_id",
    ):
        op.create_index(f"ix_incident_{column}", "incident", [column])
    for name, column, where in (
        ("uq_incident_open_job", "job_id", OF_JOB),
        ("uq_incident_open_technician", "technician_id", OF_TECHNICIAN),
    ):
        op.create_index(
            name,
            "incident",
            ["kind", "incident_on", column],
            unique=True,
            sqlite_where=where,
            postgresql_where=where,
        )
    op.create_table(
        "incident_policy",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("action", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(KINDS, name=op.f("ck_incident_policy_kind_known")),
        sa.CheckConstraint(ACTIONS, name=op.f("ck_incident_policy_action_known")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incident_policy")),
        sa.UniqueConstraint("kind", name=op.f("uq_incident_policy_kind")),
    )


def downgrade() -> None:
    op.drop_table("incident_policy")
    op.drop_table("incident")
