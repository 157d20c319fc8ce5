"""SQLite, too, gives no id out twice: not that of a row that was deleted, nor those that a restore passes over."""

import re

from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

ID = re.compile(r"\bid INTEGER NOT NULL(?=\s*,)")
KEY = re.compile(r"(CONSTRAINT \"?pk_\w+\"? PRIMARY KEY) \(id\)\s*,\s*")


def upgrade() -> None:
    """PostgreSQL counts in sequences as it is. SQLite changes a key by copying the table."""
    connection = op.get_bind()
    if connection.dialect.name != "sqlite":
        return
    tables = connection.exec_driver_sql("SELECT name, sql FROM sqlite_master WHERE type = 'table'").all()
    for name, sql in tables:
        if ID.search(sql) and (key := KEY.search(sql)):
            columns = ID.sub(f"id INTEGER NOT NULL {key[1]} AUTOINCREMENT", KEY.sub("", sql), count=1)
            _make_again(name, columns[columns.index("(") :])


def downgrade() -> None:
    """The older program counts on just as well where no id comes twice."""


def _make_again(name: str, columns: str) -> None:
    """As SQLite's manual has it: a new table is filled and takes the old one's name, then its indexes are made."""
    run = op.get_bind().exec_driver_sql
    others = run(
        "SELECT sql FROM sqlite_master WHERE tbl_name = ? AND type IN ('index', 'trigger') AND sql IS NOT NULL", (name,)
    )
    indexes = [sql for (sql,) in others]
    run(f'CREATE TABLE "_new_{name}" {columns}')
    run(f'INSERT INTO "_new_{name}" SELECT * FROM "{name}"')
    run(f'DROP TABLE "{name}"')
    run(f'ALTER TABLE "_new_{name}" RENAME TO "{name}"')
    for sql in indexes:
        run(sql)
