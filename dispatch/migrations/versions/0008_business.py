"""The business side: contracts, promises, assets, checklists, holidays, loans, limits, on-call duty, notes, photos."""

import sqlalchemy as sa
from alembic import op
from alembic.operations import BatchOperations

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

NEW_TABLES = (
    # in an order in which they can be dropped
    "photo",
    "note",
    "job_check",
    "job_asset",
    "appointment",
    "contract_hours",
    "technician_limit",
    "special_shift",
    "on_call",
    "contract",
    "borrowed_day",
    "asset",
    "job_type_skill",
    "job_type_part",
    "holiday",
    "checklist_item",
    "part",
)
VERSIONED = ("customer", "job_type", "technician", "territory")


def upgrade() -> None:
    _create_tables()
    _name_parts()
    for name in VERSIONED:
        with op.batch_alter_table(name) as table:
            table.add_column(sa.Column("version", sa.Integer(), nullable=False, server_default="1"))
            if name == "customer":
                table.add_column(sa.Column("notes", sa.Text(), nullable=False, server_default=""))
            elif name == "technician":
                table.add_column(sa.Column("branch", sa.String(), nullable=True))
            elif name == "job_type":
                table.add_column(sa.Column("service_s", sa.Integer(), nullable=True))
                table.add_column(sa.Column("setup_s", sa.Integer(), nullable=False, server_default="0"))
                table.add_column(sa.Column("priority", sa.Integer(), nullable=False, server_default="0"))
    for name in VERSIONED:
        with op.batch_alter_table(name) as table:
            table.alter_column("version", server_default=None)
            if name == "customer":
                table.alter_column("notes", server_default=None)
            elif name == "job_type":
                table.alter_column("setup_s", server_default=None)
                table.alter_column("priority", server_default=None)
                _add_check(table, "ck_job_type_service_positive", "service_s > 0")
                _add_check(table, "ck_job_type_setup_positive", "setup_s >= 0")
                _add_check(table, "ck_job_type_priority_in_range", "priority BETWEEN 0 AND 100")
    with op.batch_alter_table("job") as table:
        table.add_column(sa.Column("contract_id", sa.Integer(), nullable=True))
        table.add_column(sa.Column("reported_at", sa.DateTime(timezone=True), nullable=True))
        table.add_column(sa.Column("restore_by_at", sa.DateTime(timezone=True), nullable=True))
        table.create_index("ix_job_contract_id", ["contract_id"])
        table.create_foreign_key(
            op.f("fk_job_contract_id_customer_id"), "contract", ["contract_id", "customer_id"], ["id", "customer_id"]
        )
        _add_check(table, "ck_job_restored_after_response", "due_at <= restore_by_at")
    with op.batch_alter_table("job_part") as table:
        table.add_column(sa.Column("used", sa.Integer(), nullable=True))
        table.create_index(op.f("ix_job_part_part"), ["part"])
        table.create_foreign_key(op.f("fk_job_part_part"), "part", ["part"], ["name"])
        _add_check(table, "ck_job_part_used_positive", "used >= 0")
    with op.batch_alter_table("van_stock") as table:
        table.create_index(op.f("ix_van_stock_part"), ["part"])
        table.create_foreign_key(op.f("fk_van_stock_part"), "part", ["part"], ["name"])
    with op.batch_alter_table("technician_skill") as table:
        table.add_column(sa.Column("expires_on", sa.Date(), nullable=True))


def downgrade() -> None:
    """What the older program has no place for is dropped."""
    with op.batch_alter_table("technician_skill") as table:
        table.drop_column("expires_on")
    with op.batch_alter_table("van_stock") as table:
        table.drop_constraint(op.f("fk_van_stock_part"), type_="foreignkey")
        table.drop_index(op.f("ix_van_stock_part"))
    with op.batch_alter_table("job_part") as table:
        table.drop_constraint(op.f("ck_job_part_used_positive"), type_="check")
        table.drop_constraint(op.f("fk_job_part_part"), type_="foreignkey")
        table.drop_index(op.f("ix_job_part_part"))
        table.drop_column("used")
    with op.batch_alter_table("job") as table:
        table.drop_constraint(op.f("ck_job_restored_after_response"), type_="check")
        table.drop_constraint(op.f("fk_job_contract_id_customer_id"), type_="foreignkey")
        table.drop_index("ix_job_contract_id")
        for column in ("restore_by_at", "reported_at", "contract_id"):
            table.drop_column(column)
    with op.batch_alter_table("job_type") as table:
        for name in ("service_positive", "setup_positive", "priority_in_range"):
            table.drop_constraint(op.f(f"ck_job_type_{name}"), type_="check")
        for column in ("priority", "setup_s", "service_s"):
            table.drop_column(column)
    with op.batch_alter_table("technician") as table:
        table.drop_column("branch")
    with op.batch_alter_table("customer") as table:
        table.drop_column("notes")
    for name in VERSIONED:
        with op.batch_alter_table(name) as table:
            table.drop_column("version")
    for name in NEW_TABLES:
        op.drop_table(name)


def _add_check(table: BatchOperations, name: str, condition: str) -> None:
    table.create_check_constraint(op.f(name), condition)


def _name_parts() -> None:
    """Every part that a van or a job names is in the catalogue from now on."""
    op.execute(
        "INSERT INTO part (name, version) "
        "SELECT part, 1 FROM (SELECT part FROM van_stock UNION SELECT part FROM job_part) AS named"
    )


def _create_tables() -> None:
    op.create_table(
        "part",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("number", sa.String(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("name <> ''", name=op.f("ck_part_named")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_part")),
        sa.UniqueConstraint("name", name=op.f("uq_part_name")),
        sa.UniqueConstraint("number", name=op.f("uq_part_number")),
    )
    op.create_table(
        "checklist_item",
        sa.Column("job_type_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("required", sa.Boolean(), nullable=False),
        sa.CheckConstraint("text <> ''", name=op.f("ck_checklist_item_says_something")),
        sa.CheckConstraint("position >= 1", name=op.f("ck_checklist_item_position_positive")),
        sa.ForeignKeyConstraint(
            ["job_type_id"], ["job_type.id"], name=op.f("fk_checklist_item_job_type_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("job_type_id", "position", name=op.f("pk_checklist_item")),
    )
    op.create_table(
        "holiday",
        sa.Column("territory_id", sa.Integer(), nullable=False),
        sa.Column("holiday_on", sa.Date(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.CheckConstraint("name <> ''", name=op.f("ck_holiday_named")),
        sa.ForeignKeyConstraint(
            ["territory_id"], ["territory.id"], name=op.f("fk_holiday_territory_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("territory_id", "holiday_on", name=op.f("pk_holiday")),
    )
    op.create_table(
        "job_type_part",
        sa.Column("job_type_id", sa.Integer(), nullable=False),
        sa.Column("part", sa.String(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.CheckConstraint("count > 0", name=op.f("ck_job_type_part_count_positive")),
        sa.ForeignKeyConstraint(
            ["job_type_id"], ["job_type.id"], name=op.f("fk_job_type_part_job_type_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["part"], ["part.name"], name=op.f("fk_job_type_part_part")),
        sa.PrimaryKeyConstraint("job_type_id", "part", name=op.f("pk_job_type_part")),
    )
    op.create_index(op.f("ix_job_type_part_part"), "job_type_part", ["part"])

    op.create_table(
        "job_type_skill",
        sa.Column("job_type_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.CheckConstraint("level >= 1", name=op.f("ck_job_type_skill_level_positive")),
        sa.ForeignKeyConstraint(
            ["job_type_id"], ["job_type.id"], name=op.f("fk_job_type_skill_job_type_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("job_type_id", "name", name=op.f("pk_job_type_skill")),
    )
    op.create_table(
        "asset",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("customer_id", sa.Integer(), nullable=False),
        sa.Column("location_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("maker", sa.String(), nullable=False),
        sa.Column("model", sa.String(), nullable=False),
        sa.Column("serial", sa.String(), nullable=True),
        sa.Column("installed_on", sa.Date(), nullable=True),
        sa.Column("retired_on", sa.Date(), nullable=True),
        sa.Column("notes", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("name <> ''", name=op.f("ck_asset_named")),
        sa.CheckConstraint("serial <> ''", name=op.f("ck_asset_serial_or_none")),
        sa.CheckConstraint("installed_on <= retired_on", name=op.f("ck_asset_retired_after_installed")),
        sa.ForeignKeyConstraint(["customer_id"], ["customer.id"], name=op.f("fk_asset_customer_id")),
        sa.ForeignKeyConstraint(["location_id"], ["location.id"], name=op.f("fk_asset_location_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_asset")),
        sa.UniqueConstraint("maker", "serial", name=op.f("uq_asset_maker_serial")),
    )
    op.create_index(op.f("ix_asset_customer_id"), "asset", ["customer_id"])
    op.create_index(op.f("ix_asset_location_id"), "asset", ["location_id"])

    op.create_table(
        "borrowed_day",
        sa.Column("technician_id", sa.Integer(), nullable=False),
        sa.Column("borrowed_on", sa.Date(), nullable=False),
        sa.Column("territory_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["technician_id"], ["technician.id"], name=op.f("fk_borrowed_day_technician_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["territory_id"], ["territory.id"], name=op.f("fk_borrowed_day_territory_id")),
        sa.PrimaryKeyConstraint("technician_id", "borrowed_on", name=op.f("pk_borrowed_day")),
    )
    op.create_index(op.f("ix_borrowed_day_territory_id"), "borrowed_day", ["territory_id"])

    op.create_table(
        "contract",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("customer_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("respond_within_s", sa.Integer(), nullable=True),
        sa.Column("restore_within_s", sa.Integer(), nullable=True),
        sa.Column("zone", sa.String(), nullable=False),
        sa.Column("runs_on_holidays", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("name <> ''", name=op.f("ck_contract_named")),
        sa.CheckConstraint("zone <> ''", name=op.f("ck_contract_has_zone")),
        sa.CheckConstraint("respond_within_s <= restore_within_s", name=op.f("ck_contract_restored_after_response")),
        sa.CheckConstraint("respond_within_s > 0", name=op.f("ck_contract_respond_positive")),
        sa.CheckConstraint("restore_within_s > 0", name=op.f("ck_contract_restore_positive")),
        sa.CheckConstraint("starts_on <= ends_on", name=op.f("ck_contract_ends_after_start")),
        sa.ForeignKeyConstraint(["customer_id"], ["customer.id"], name=op.f("fk_contract_customer_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contract")),
        sa.UniqueConstraint("customer_id", "name", name=op.f("uq_contract_customer_id_name")),
        sa.UniqueConstraint("id", "customer_id", name=op.f("uq_contract_id_customer_id")),
    )
    op.create_index(op.f("ix_contract_customer_id"), "contract", ["customer_id"])

    op.create_table(
        "on_call",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("technician_id", sa.Integer(), nullable=False),
        sa.Column("territory_id", sa.Integer(), nullable=False),
        sa.Column("from_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("from_at < until_at", name=op.f("ck_on_call_ends_after_start")),
        sa.ForeignKeyConstraint(
            ["technician_id"], ["technician.id"], name=op.f("fk_on_call_technician_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["territory_id"], ["territory.id"], name=op.f("fk_on_call_territory_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_on_call")),
    )
    op.create_index(op.f("ix_on_call_technician_id"), "on_call", ["technician_id"])
    op.create_index(op.f("ix_on_call_territory_id"), "on_call", ["territory_id"])

    op.create_table(
        "special_shift",
        sa.Column("technician_id", sa.Integer(), nullable=False),
        sa.Column("shift_on", sa.Date(), nullable=False),
        sa.Column("starts", sa.Time(), nullable=False),
        sa.Column("ends", sa.Time(), nullable=False),
        sa.Column("latest_ends", sa.Time(), nullable=True),
        sa.ForeignKeyConstraint(
            ["technician_id"], ["technician.id"], name=op.f("fk_special_shift_technician_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("technician_id", "shift_on", name=op.f("pk_special_shift")),
    )
    op.create_table(
        "technician_limit",
        sa.Column("technician_id", sa.Integer(), nullable=False),
        sa.Column("period", sa.String(), nullable=False),
        sa.Column("unit", sa.String(), nullable=False),
        sa.Column("most", sa.Integer(), nullable=False),
        sa.CheckConstraint("period IN ('day', 'week', 'month')", name=op.f("ck_technician_limit_period_known")),
        sa.CheckConstraint("unit IN ('visits', 'work_s')", name=op.f("ck_technician_limit_unit_known")),
        sa.CheckConstraint("most >= 0", name=op.f("ck_technician_limit_most_positive")),
        sa.ForeignKeyConstraint(
            ["technician_id"], ["technician.id"], name=op.f("fk_technician_limit_technician_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("technician_id", "period", "unit", name=op.f("pk_technician_limit")),
    )
    op.create_table(
        "contract_hours",
        sa.Column("contract_id", sa.Integer(), nullable=False),
        sa.Column("weekday", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("opens", sa.Time(), nullable=False),
        sa.Column("closes", sa.Time(), nullable=False),
        sa.CheckConstraint("weekday BETWEEN 0 AND 6", name=op.f("ck_contract_hours_weekday_in_week")),
        sa.ForeignKeyConstraint(
            ["contract_id"], ["contract.id"], name=op.f("fk_contract_hours_contract_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("contract_id", "weekday", "opens", name=op.f("pk_contract_hours")),
    )
    op.create_table(
        "appointment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("job_id", sa.Integer(), nullable=False),
        sa.Column("promised_from_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("promised_until_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("is_firm", sa.Boolean(), nullable=False),
        sa.Column("promised_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("promised_by_user_id", sa.Integer(), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_reason", sa.String(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("withdrawn_reason <> ''", name=op.f("ck_appointment_withdrawn_reason_given")),
        sa.CheckConstraint(
            "(withdrawn_at IS NULL) = (withdrawn_reason IS NULL)", name=op.f("ck_appointment_withdrawn_for_a_reason")
        ),
        sa.CheckConstraint("promised_from_at <= promised_until_at", name=op.f("ck_appointment_closes_after_opening")),
        sa.ForeignKeyConstraint(["job_id"], ["job.id"], name=op.f("fk_appointment_job_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["promised_by_user_id"], ["user_account.id"], name=op.f("fk_appointment_promised_by_user_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appointment")),
    )
    op.create_index(op.f("ix_appointment_job_id"), "appointment", ["job_id"])
    op.create_index(op.f("ix_appointment_promised_by_user_id"), "appointment", ["promised_by_user_id"])
    op.create_index(
        "uq_appointment_one_in_force",
        "appointment",
        ["job_id"],
        unique=True,
        sqlite_where=sa.text("withdrawn_at IS NULL"),
        postgresql_where=sa.text("withdrawn_at IS NULL"),
    )

    op.create_table(
        "job_asset",
        sa.Column("job_id", sa.Integer(), nullable=False),
        sa.Column("asset_id", sa.Integer(), nullable=False),
        sa.Column("work", sa.String(), nullable=False),
        sa.CheckConstraint(
            "work IN ('install', 'inspect', 'maintain', 'repair', 'remove')", name=op.f("ck_job_asset_work_known")
        ),
        sa.ForeignKeyConstraint(["asset_id"], ["asset.id"], name=op.f("fk_job_asset_asset_id")),
        sa.ForeignKeyConstraint(["job_id"], ["job.id"], name=op.f("fk_job_asset_job_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("job_id", "asset_id", name=op.f("pk_job_asset")),
    )
    op.create_index(op.f("ix_job_asset_asset_id"), "job_asset", ["asset_id"])

    op.create_table(
        "job_check",
        sa.Column("job_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("required", sa.Boolean(), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done_by_user_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("text <> ''", name=op.f("ck_job_check_says_something")),
        sa.CheckConstraint(
            "done_at IS NOT NULL OR done_by_user_id IS NULL", name=op.f("ck_job_check_ticked_at_some_time")
        ),
        sa.CheckConstraint("position >= 1", name=op.f("ck_job_check_position_positive")),
        sa.ForeignKeyConstraint(["done_by_user_id"], ["user_account.id"], name=op.f("fk_job_check_done_by_user_id")),
        sa.ForeignKeyConstraint(["job_id"], ["job.id"], name=op.f("fk_job_check_job_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("job_id", "position", name=op.f("pk_job_check")),
    )
    op.create_index(op.f("ix_job_check_done_by_user_id"), "job_check", ["done_by_user_id"])

    op.create_table(
        "note",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("customer_id", sa.Integer(), nullable=True),
        sa.Column("job_id", sa.Integer(), nullable=True),
        sa.Column("asset_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "channel IN ('note', 'call', 'e-mail', 'letter', 'visit')", name=op.f("ck_note_channel_known")
        ),
        sa.CheckConstraint("text <> ''", name=op.f("ck_note_says_something")),
        sa.CheckConstraint(
            "customer_id IS NOT NULL OR job_id IS NOT NULL OR asset_id IS NOT NULL",
            name=op.f("ck_note_about_something"),
        ),
        sa.ForeignKeyConstraint(["asset_id"], ["asset.id"], name=op.f("fk_note_asset_id")),
        sa.ForeignKeyConstraint(["customer_id"], ["customer.id"], name=op.f("fk_note_customer_id")),
        sa.ForeignKeyConstraint(["job_id"], ["job.id"], name=op.f("fk_note_job_id")),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_note_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_note")),
    )
    op.create_index(op.f("ix_note_asset_id"), "note", ["asset_id"])
    op.create_index(op.f("ix_note_customer_id"), "note", ["customer_id"])
    op.create_index(op.f("ix_note_job_id"), "note", ["job_id"])
    op.create_index(op.f("ix_note_user_id"), "note", ["user_id"])

    op.create_table(
        "photo",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("job_id", sa.Integer(), nullable=False),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("caption", sa.String(), nullable=False),
        sa.Column("content_type", sa.String(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint(
            "content_type IN ('image/jpeg', 'image/png', 'image/webp')", name=op.f("ck_photo_content_type_known")
        ),
        sa.CheckConstraint("length(data) BETWEEN 1 AND 8000000", name=op.f("ck_photo_size_in_range")),
        sa.CheckConstraint("length(sha256) = 64", name=op.f("ck_photo_sha256_whole")),
        sa.ForeignKeyConstraint(["job_id"], ["job.id"], name=op.f("fk_photo_job_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_photo_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_photo")),
        sa.UniqueConstraint("job_id", "sha256", name=op.f("uq_photo_job_id_sha256")),
    )
    op.create_index(op.f("ix_photo_job_id"), "photo", ["job_id"])
    op.create_index(op.f("ix_photo_user_id"), "photo", ["user_id"])
