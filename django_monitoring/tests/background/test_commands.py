"""Outside requests and workers: management commands, and scripts."""

import os
import subprocess
import sys

import pytest

from tests.docs import block
from tests.metrics.emf_lines import metric_documents
from tests.metrics.keeping import total
from tests.metrics.servers import PYTHONPATH


def run(*arguments: str, service: str = "shop") -> tuple[bytes, bytes]:
    """What a program of the project writes to stdout and to stderr."""
    done = subprocess.run(
        [sys.executable, *arguments],
        env=os.environ
        | {
            "PYTHONPATH": PYTHONPATH,
            "DJANGO_SETTINGS_MODULE": "tests.background.command_settings",
            "SITE_SERVICE": service,
        },
        capture_output=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout, done.stderr


def test_a_command_of_the_project_counts_and_its_output_is_its_own() -> None:
    output, errors = run("-m", "django", "send_invoices")
    assert output == b"3 invoices\n"
    assert total(metric_documents(errors), "Actions", Action="billed") == 3


@pytest.mark.parametrize("command", [["migrate"], ["check"], ["diffsettings"], ["showmigrations"]])
def test_a_command_of_djangos_own_counts_nothing_and_needs_no_service(command: list[str]) -> None:
    output, errors = run("-m", "django", *command, service="")
    assert b"_aws" not in output + errors
    assert b"nothing is recorded" not in output + errors


def test_a_command_without_a_service_says_that_nothing_is_counted() -> None:
    output, errors = run("-m", "django", "send_invoices", service="")
    assert output == b"3 invoices\n"
    assert errors.count(b"nothing is recorded in this process") == 1
    assert b'DJANGO_MONITORING["SERVICE"] is missing' in errors


SCRIPT = """
import django
django.setup()
{start}
from django_monitoring.actions import record_action
record_action("billed")
record_action("billed")
"""


def test_a_script_says_that_nothing_is_counted() -> None:
    output, errors = run("-c", SCRIPT.format(start=""))
    assert output == b""
    assert errors.count(b"nothing is recorded in this process") == 1
    assert b"start_recording" in errors


def test_a_script_that_starts_the_recorder_counts() -> None:
    start = block("python", "from django_monitoring.background.start import start_recording")
    output, errors = run("-c", SCRIPT.format(start=start))
    assert total(metric_documents(output), "Actions", Action="billed") == 2
    assert errors == b""
