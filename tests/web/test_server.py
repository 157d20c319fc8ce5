"""What each web process does when it has started."""

import subprocess
import sys
import threading

from dispatch.cli.serve import MOST_WORKERS, _web_command, count_workers
from tests.databases import settings_for
from web import server
from web.app import create_app

SCRIPT = """
import gc, web.server
before = gc.get_threshold()[0]
web.server.post_worker_init(None)
print(gc.get_freeze_count() > 10_000, gc.get_threshold()[0] > 10 * before)
"""


def test_what_the_application_is_made_of_is_never_looked_through_for_garbage():
    ended = subprocess.run([sys.executable, "-c", SCRIPT], capture_output=True, text=True, check=True)
    assert ended.stdout.split() == ["True", "True"]


def test_the_web_server_reads_that_file():
    command = _web_command("127.0.0.1:1", 1, 1)
    assert command[command.index("--config") + 1] == "python:web.server"


def test_the_application_is_put_together_before_there_are_web_processes_and_has_no_connection_then(home, clock, static):
    assert server.preload_app
    app = create_app(settings_for(home), clock=clock, static=static)
    pool = app.extensions["wrenchtime"].session_factory.engine.pool
    assert (pool.checkedin(), pool.checkedout()) == (0, 0)
    assert not any(thread.name == "live" for thread in threading.enumerate())


def test_on_postgresql_each_core_has_a_web_process_unless_there_are_many():
    assert [count_workers("postgresql+psycopg://host/name", cores) for cores in (1, 2, 64)] == [1, 2, MOST_WORKERS]
    assert count_workers("sqlite:////srv/wrenchtime.sqlite3", 64) == 1
