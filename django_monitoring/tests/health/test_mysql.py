"""The database check and the documented options on MySQL, with both of its drivers."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import pytest

from tests.docs import block
from tests.health.mysql import NAME, PASSWORD, USER, MySql
from tests.health.postgres import free_port
from tests.health.silent import listening, swallowing

PACKAGE: Final = Path(__file__).parents[2]
DEADLINE: Final = 1.0

# Where an answer is expected: a busy machine must not make a no of it.
PATIENT: Final = 9.0

each_driver = pytest.mark.parametrize(
    "driver",
    [
        pytest.param(
            "mysqlclient",
            marks=pytest.mark.skipif(
                find_spec("MySQLdb") is None, reason="no mysqlclient is installed: make compiled"
            ),
        ),
        "PyMySQL",
    ],
)


@pytest.fixture(scope="module")
def mysql() -> Iterator[MySql]:
    with TemporaryDirectory(prefix="mysql-") as directory:
        server = MySql(Path(directory))
        server.start()
        yield server
        server.kill()


def ask(
    driver: str,
    port: int,
    options: Mapping[str, Any] | None = None,
    *,
    as_request: bool = False,
    deadline: float = PATIENT,
) -> tuple[str, float]:
    """The name of the exception of one attempt, and the seconds that it took."""
    database = {
        "HOST": "127.0.0.1",
        "PORT": port,
        "NAME": NAME,
        "USER": USER,
        "PASSWORD": PASSWORD,
        "OPTIONS": dict(options or {}),
    }
    given = {
        "driver": driver,
        "database": database,
        "deadline": deadline,
        "as_request": as_request,
    }
    done = subprocess.run(
        [sys.executable, "tests/health/mysql_client.py"],
        cwd=PACKAGE,
        env={**os.environ, "PYTHONPATH": "src", "GIVEN": json.dumps(given)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    return found["outcome"], found["seconds"]


@each_driver
def test_a_database_that_answers(driver: str, mysql: MySql) -> None:
    assert ask(driver, mysql.port)[0] == ""


@each_driver
def test_a_port_that_refuses(driver: str) -> None:
    name, seconds = ask(driver, free_port(), deadline=DEADLINE)
    assert name == "OperationalError"
    assert seconds < DEADLINE + 8


@each_driver
@pytest.mark.parametrize("accepts", [True, False], ids=["hangs", "black hole"])
def test_no_answer_to_the_connection(driver: str, accepts: bool) -> None:
    with listening(accepts=accepts) as port:
        name, seconds = ask(driver, port, deadline=DEADLINE)
    assert name == "OperationalError"
    assert seconds < DEADLINE + 8


@each_driver
def test_no_answer_to_the_query(driver: str, mysql: MySql) -> None:
    with swallowing(mysql.port, b"SELECT 1") as port:
        name, seconds = ask(driver, port, deadline=DEADLINE)
    assert name == "OperationalError"
    assert DEADLINE / 2 <= seconds < DEADLINE + 8


@each_driver
def test_the_documented_options(driver: str, mysql: MySql) -> None:
    given: dict[str, Any] = {"DATABASES": {"default": {}}}
    exec(block("python", 'DATABASES["default"]["OPTIONS"] = {  # MySQL'), given)
    options = given["DATABASES"]["default"]["OPTIONS"]
    assert set(options) == {"connect_timeout", "read_timeout", "write_timeout"}
    assert ask(driver, mysql.port, options, as_request=True)[0] == ""
    # A shorter one, so that the test need not wait: it is what ends a request that hangs.
    with swallowing(mysql.port, b"SELECT 1") as port:
        name, seconds = ask(driver, port, {**options, "read_timeout": 2}, as_request=True)
    assert name == "OperationalError"
    assert 2 <= seconds < 9


@each_driver
def test_the_options_for_postgresql_are_none_for_mysql(driver: str, mysql: MySql) -> None:
    """Why there are two sets of them."""
    given: dict[str, Any] = {"DATABASES": {"default": {}}}
    exec(block("python", 'DATABASES["default"]["OPTIONS"] = {  # PostgreSQL'), given)
    options = given["DATABASES"]["default"]["OPTIONS"]
    assert ask(driver, mysql.port, options, as_request=True)[0] == "TypeError"
