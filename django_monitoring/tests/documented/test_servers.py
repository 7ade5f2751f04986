"""gunicorn and uvicorn with the documented settings: JSON, each line once, no access log."""

import http.client
import shlex
from collections import Counter

import pytest

from ecs_monitoring.cloudwatch.log_pattern import matches, parse_pattern
from ecs_monitoring.rules.log_concerns import CONCERNS, LogFormat
from tests.docs import block
from tests.documented.project import Output, Project, settings_text
from tests.health.postgres import free_port

# With the failing one, the eleven requests with which the access log was found to be on.
PATHS = ["/"] * 7 + ["/livez", "/health/", "/readyz", "/fail/"]


def documented_uvicorn() -> list[str]:
    (command,) = block("console", "$ uvicorn ").splitlines()
    return shlex.split(command.removeprefix("$ "))


SERVERS = {
    "gunicorn": ["gunicorn", "shop.wsgi", "--bind"],
    "gunicorn threads": ["gunicorn", "shop.wsgi", "--threads", "4", "--bind"],
    "gunicorn preload": ["gunicorn", "shop.wsgi", "--preload", "--bind"],
    "uvicorn": [*documented_uvicorn(), "--port"],
}


def answers(port: int, path: str) -> int | None:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        connection.request("GET", path)
        return connection.getresponse().status
    except ConnectionError:
        return None
    finally:
        connection.close()


@pytest.mark.parametrize("name", SERVERS)
def test_every_line_is_json_and_comes_once(project: Project, name: str) -> None:
    port = free_port()
    address = f"127.0.0.1:{port}" if name.startswith("gunicorn") else str(port)
    with project.running(*SERVERS[name], address) as output:
        output.until(lambda: answers(port, "/livez") == 200)
        statuses = Counter(answers(port, path) for path in PATHS)
    assert statuses == {200: 10, 500: 1}
    counted(output, name)


def counted(output: Output, name: str) -> None:
    events = output.events
    repeated = Counter((event["logger"], event["message"]) for event in events)
    # Each worker says that it boots and that it ends; everything else is said once.
    assert max(repeated.values()) == 1, repeated
    # No request has a line of its own, but for the one that failed.
    failures = [event for event in events if event["level"] == "ERROR"]
    assert [event["logger"] for event in failures] == ["django.request"]
    assert failures[0]["exception"].splitlines()[-1].startswith("ZeroDivisionError: ")
    assert not [event for event in events if "/livez" in event["message"]]
    server = "gunicorn" if name.startswith("gunicorn") else "uvicorn"
    assert any(event["logger"].startswith(server) for event in events)
    lines = [line for line in output.lines if '"_aws"' not in line]
    exceptions = next(concern for concern in CONCERNS if concern.key == "logs.exceptions")
    pattern = parse_pattern(exceptions.patterns[LogFormat.JSON])
    assert sum(matches(pattern, line) for line in lines) == 1


def test_metrics_and_log_share_stdout_line_by_line(project: Project) -> None:
    port = free_port()
    with project.running(*SERVERS["gunicorn"], f"127.0.0.1:{port}") as output:
        output.until(lambda: answers(port, "/") == 200)
    assert sum('"_aws"' in line for line in output.lines) >= 1
    assert output.events


def test_the_projects_settings_have_no_mistakes(project: Project) -> None:
    done = project.run("manage.py", "check", "--fail-level", "WARNING")
    assert done.returncode == 0, done.stderr


def test_the_readmes_settings_have_no_mistakes(project: Project) -> None:
    start = block("python", "# settings.py\nINSTALLED_APPS")
    settings = 'DJANGO_MONITORING = {\n    "SERVICE": "django-app-service",\n    "HEALTH"'
    health = block("python", settings)
    project.write("shop/settings.py", settings_text(apps=start, health=health))
    done = project.run("manage.py", "check", "--fail-level", "WARNING")
    assert done.returncode == 0, done.stderr


def test_check_prints_what_the_documentation_shows(project: Project) -> None:
    """With one of the settings mistyped."""
    settings = (project.directory / "shop/settings.py").read_text()
    mistyped = "\nDJANGO_MONITORING = {**DJANGO_MONITORING, 'INTERVALL': 30}\n"
    project.write("shop/settings.py", settings + mistyped)
    command, *shown = block("console", "$ python manage.py check\n").splitlines()
    done = project.run(*shlex.split(command)[2:])
    assert done.returncode == 1
    assert done.stderr.splitlines()[: len(shown)] == shown
