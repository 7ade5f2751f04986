"""A Celery worker with the documented settings: JSON lines, and its container's health check."""

import json
import shlex
import socket
import subprocess
from collections.abc import Callable, Sequence

import pytest

from ecs_monitoring.cloudwatch.log_pattern import matches, parse_pattern
from ecs_monitoring.rules.log_concerns import CONCERNS, LogFormat
from tests.docs import block
from tests.documented.project import Project
from tests.health.redis import Redis

_WORKERS_CHECK = '"healthCheck": {\n  "command": ["CMD", "python", "manage.py"'

WORKER = ["celery", "-A", "shop", "worker", "--concurrency", "1", "--loglevel", "INFO"]


@pytest.fixture
def shop(project: Project, redis: Redis) -> Project:
    project.environment["SHOP_BROKER"] = redis.url
    # As Celery's own documentation has it, so that -A shop finds the application.
    project.write("shop/__init__.py", "from .celery import app\n\n__all__ = ['app']\n")
    project.write("send.py", "import sys, shop.tasks as t\nt.pay.delay(int(sys.argv[1]))\n")
    return project


def worker_check() -> list[str]:
    """The command of the container's health check of a worker."""
    shown = json.loads(f"{{{block('json', _WORKERS_CHECK)}}}")
    way, python, *command = shown["healthCheck"]["command"]
    assert (way, python) == ("CMD", "python")
    return list(command)


Asked = subprocess.CompletedProcess[str]


def in_time(done: Asked) -> bool:
    """Whether no check ran into its deadline."""
    return "no answer in" not in done.stdout


def asked(shop: Project, check: Sequence[str], until: Callable[[Asked], bool] = in_time) -> Asked:
    """A health command's answer, asked for again while a busy machine is late with it."""
    for _ in range(10):
        done = shop.run(*check)
        if until(done):
            break
    return done


def test_an_exception_in_a_task_is_one_json_line_that_the_filters_count(shop: Project) -> None:
    with shop.running(*WORKER) as output:
        output.until(lambda: any("ready" in line for line in output.lines))
        for order in ("4", "0"):
            assert shop.run("send.py", order).returncode == 0
        output.until(lambda: any("ZeroDivisionError" in line for line in output.lines))
        # Before the worker is asked to end, which it says in plain text, as it does its banner.
        written = output.lines
    lines = [line for line in written if line.startswith("{")]
    (failure,) = [json.loads(line) for line in lines if "ZeroDivisionError" in line]
    assert (failure["level"], failure["logger"]) == ("ERROR", "celery.app.trace")
    assert failure["exception"].splitlines()[-1].startswith("ZeroDivisionError: ")
    counting = {
        concern.key
        for concern in CONCERNS
        for line in lines
        if matches(parse_pattern(concern.patterns[LogFormat.JSON]), line)
    }
    assert counting == {"logs.errors", "logs.exceptions"}
    assert written[written.index(lines[0]) :] == lines


def test_without_the_receiver_the_line_would_be_plain_text(shop: Project) -> None:
    """Why it is documented, and checked."""
    assert "W007" not in shop.run("manage.py", "check").stderr
    celery = block("python", "import os\nfrom logging.config import")
    shop.write("shop/celery.py", celery.replace("@setup_logging.connect\n", ""))
    assert "(django_monitoring.W007) LOGGING writes JSON" in shop.run("manage.py", "check").stderr
    with shop.running(*WORKER) as output:
        output.until(lambda: any("ready" in line for line in output.lines))
        assert shop.run("send.py", "0").returncode == 0
        output.until(lambda: any("ZeroDivisionError" in line for line in output.lines))
    assert not [line for line in output.lines if line.startswith("{") and "ZeroDiv" in line]


def test_the_container_of_a_worker_asks_the_worker_of_its_host(shop: Project) -> None:
    shop.environment["SHOP_ALL_CHECKS"] = "1"
    check = worker_check()
    with shop.running(*WORKER) as output:
        output.until(lambda: any("ready" in line for line in output.lines))
        # As a container does: on a busy machine an answer may be late, but not each time.
        done = asked(shop, check, until=lambda found: found.returncode == 0)
        assert (done.returncode, done.stdout) == (0, "worker: ok\n"), done.stderr
    done = asked(shop, check)
    host = socket.gethostname()
    expected = f"worker: failed (CheckFailedError: no worker of host {host} answers)\n"
    assert (done.returncode, done.stdout) == (1, expected)


def test_the_documented_health_output(shop: Project, redis: Redis) -> None:
    shop.environment["SHOP_ALL_CHECKS"] = "1"
    shop.write("shop/migrations/__init__.py", "")
    shop.write("shop/migrations/0001_initial.py", _MIGRATION.format(before=""))
    assert shop.run("manage.py", "migrate").returncode == 0
    later = '("shop", "0001_initial")'
    shop.write("shop/migrations/0002_invoice.py", _MIGRATION.format(before=later))
    shown = block("console", "$ python manage.py health\n").splitlines()
    command, *lines, _echo, status = shown
    done = asked(shop, shlex.split(command)[2:])
    assert done.stdout.splitlines() == lines
    assert str(done.returncode) == status


_MIGRATION = """
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [{before}]
    operations = []
"""
