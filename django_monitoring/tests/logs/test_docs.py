"""docs/django-logs.md: its settings work as they stand, and its line is what the filters want."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Final

from ecs_monitoring.cloudwatch.log_pattern import matches, parse_pattern
from ecs_monitoring.rules.log_concerns import CONCERNS, LogFormat
from tests.docs import block

PACKAGE: Final = Path(__file__).parents[2]

PROJECT: Final = """
{logging}
import logging
import django
from django.conf import settings
settings.configure(LOGGING=LOGGING, SECRET_KEY="only for tests")
django.setup()
try:
    raise KeyError("id")
except KeyError:
    logging.getLogger("django.request").error("bad", exc_info=True)
    logging.getLogger("shop").exception("worse")
"""


def test_the_settings_give_one_line_an_exception() -> None:
    done = subprocess.run(
        [sys.executable, "-c", PROJECT.format(logging=block("python", "LOGGING"))],
        env={"PYTHONPATH": str(PACKAGE / "src")},
        capture_output=True,
        text=True,
        timeout=30,
        check=True,
    )
    assert done.stdout == ""
    found = [json.loads(line) for line in done.stderr.splitlines()]
    assert [(event["logger"], event["message"]) for event in found] == [
        ("django.request", "bad"),
        ("shop", "worse"),
    ]
    assert all("KeyError" in event["exception"] for event in found)


def test_the_line_that_is_shown_counts_as_described() -> None:
    shown = block("json", '{"time"')
    assert {
        concern.key
        for concern in CONCERNS
        if matches(parse_pattern(concern.patterns[LogFormat.JSON]), shown)
    } == {"logs.errors", "logs.exceptions", "logs.database-errors"}


def test_gunicorns_own_lines_come_once(tmp_path: Path) -> None:
    settings = tmp_path / "gunicorn.conf.py"
    settings.write_text(block("python", "logconfig_dict"))
    done = subprocess.run(
        [sys.executable, "-m", "gunicorn", "-c", str(settings), "--bind", "127.0.0.1:0", "no.wsgi"],
        env={"PYTHONPATH": str(PACKAGE / "src"), "HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    lines = [json.loads(line) for line in done.stderr.splitlines() if line.startswith("{")]
    failures = [line for line in lines if line["message"] == "Exception in worker process"]
    assert len(failures) == 1
    assert failures[0]["exception"].endswith("ModuleNotFoundError: No module named 'no'")
