"""A real pool of connections to a real PostgreSQL says how much of it is in use."""

import json
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory

import django
import pytest

from tests.health.postgres import Postgres, require_driver
from tests.metrics.servers import PYTHONPATH

PROGRAM = """
import json, sys, threading, time
import django
from django.conf import settings

settings.configure(
    SECRET_KEY="only for tests",
    DATABASES={
        "default": {
            "ENGINE": "django.db.backends.postgresql",
            "HOST": "127.0.0.1",
            "PORT": sys.argv[1],
            "NAME": "postgres",
            "USER": "postgres",
            "OPTIONS": {"pool": {"min_size": 1, "max_size": 4}},
        }
    },
    INSTALLED_APPS=["django_monitoring"],
)
django.setup()
from django.db import connection
from django_monitoring.database import PoolSampler

sampler = PoolSampler()

def use():
    # As the emitter does, in a thread of its own, which has no connection.
    thread = threading.Thread(target=sampler.sample)
    thread.start()
    thread.join()
    return [
        {metric.name: metric.value for metric in record.metrics}
        for record in sampler.take(0, "shop")
    ]

deadline = time.monotonic() + 30
found = [use()]
connection.ensure_connection()
# A connection that is being opened counts, too: the pool may be growing at first.
while (seen := use())[0]["PoolUse"] == 50.0 and time.monotonic() < deadline:
    time.sleep(0.05)
found.append(seen)
connection.close()
found.append(use())
connection.close_pool()
print(json.dumps(found))
"""


@pytest.mark.skipif(django.VERSION < (5, 1), reason="Django has pools since 5.1")
@pytest.mark.skipif(not find_spec("psycopg_pool"), reason="needs psycopg_pool")
def test_a_quarter_of_the_pool_is_in_use() -> None:
    require_driver()
    # Not pytest's directory, which PostgreSQL's user cannot enter.
    with TemporaryDirectory() as directory:
        Path(directory).chmod(0o755)
        server = Postgres(Path(directory))
        server.start()
        try:
            done = subprocess.run(
                [sys.executable, "-c", PROGRAM, str(server.port)],
                env={"PYTHONPATH": PYTHONPATH},
                capture_output=True,
                timeout=120,
                check=False,
            )
        finally:
            server.kill()
    assert done.returncode == 0, done.stderr.decode()
    # No pool is made by looking; one of four is in use; then none.
    assert json.loads(done.stdout) == [
        [],
        [{"PoolUse": 25.0, "PoolWaiting": 0}],
        [{"PoolUse": 0.0, "PoolWaiting": 0}],
    ]
