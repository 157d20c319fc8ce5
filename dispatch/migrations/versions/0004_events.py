"""Events take the place of the audit trail: numbered without a gap, about a row, never changed."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

SQLITE_GUARDS = {"update": "changed", "delete": "deleted"}


def upgrade() -> None:
    event = op.create_table(
        "event",
        sa.Column("seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("subject_kind", sa.String(), nullable=True),
        sa.Column("subject_id", sa.Integer(), nullable=True),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.Column("after", sa.JSON(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.CheckConstraint("(subject_kind IS NULL) = (subject_id IS NULL)", name=op.f("ck_event_subject_whole")),
        sa.CheckConstraint("kind <> ''", name=op.f("ck_event_kind_named")),
        sa.CheckConstraint("seq >= 1", name=op.f("ck_event_seq_positive")),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_event_user_id")),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_event")),
    )
    op.create_index("ix_event_at", "event", ["at"])
    op.create_index("ix_event_user_id", "event", ["user_id"])
    op.create_index("ix_event_subject", "event", ["subject_kind", "subject_id", "seq"])
    lines = op.get_bind().execute(sa.select(_audit_line()).order_by(sa.text("id"))).mappings()
    rows = [_as_event(seq, line) for seq, line in enumerate(lines, 1)]
    if rows:
        op.bulk_insert(event, rows)
    op.drop_table("audit_line")
    _guard()


def downgrade() -> None:
    op.create_table(
        "audit_line",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("action", sa.String(), nullable=False),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_audit_line_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_line")),
    )
    op.create_index("ix_audit_line_at", "audit_line", ["at"])
    op.create_index("ix_audit_line_user_id", "audit_line", ["user_id"])
    # The new rows get their ids from the database, so that the next line's id is free on PostgreSQL too.
    op.execute(
        "INSERT INTO audit_line (at, user_id, action, details) SELECT at, user_id, kind, after FROM event ORDER BY seq"
    )
    op.drop_table("event")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION refuse_to_rewrite_events")


def _audit_line() -> sa.TableClause:
    return sa.table(
        "audit_line",
        sa.column("id", sa.Integer()),
        sa.column("at", sa.DateTime(timezone=True)),
        sa.column("user_id", sa.Integer()),
        sa.column("action", sa.String()),
        sa.column("details", sa.JSON()),
    )


def _as_event(seq: int, line: sa.RowMapping) -> dict[str, object]:
    job_id = line["details"].get("job_id")
    return {
        "seq": seq,
        "at": line["at"],
        "user_id": line["user_id"],
        "kind": line["action"],
        "subject_kind": None if job_id is None else "job",
        "subject_id": job_id,
        "before": {},
        "after": line["details"],
        "reason": "",
    }


def _guard() -> None:
    """Let the database itself refuse to change what has happened."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "CREATE FUNCTION refuse_to_rewrite_events() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION 'events are never changed or deleted' USING ERRCODE = 'check_violation'; END $$"
        )
        op.execute(
            "CREATE TRIGGER event_is_final BEFORE UPDATE OR DELETE OR TRUNCATE ON event "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_to_rewrite_events()"
        )
    else:
        for action, word in SQLITE_GUARDS.items():
            op.execute(
                f"CREATE TRIGGER event_not_{word} BEFORE {action.upper()} ON event "
                f"BEGIN SELECT RAISE(ABORT, 'events are never {word}'); END"
            )
