"""A project made of the documentation's blocks, and its processes."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from tests.docs import block

PACKAGE: Final = Path(__file__).parents[2]

_SETTINGS: Final = """
import os

SECRET_KEY = "only for tests"
ALLOWED_HOSTS = ["*"]
ROOT_URLCONF = "shop.urls"
DATABASES = {{
    "default": {{"ENGINE": "django.db.backends.sqlite3", "NAME": "shop.sqlite3"}},
    "replica": {{"ENGINE": "django.db.backends.sqlite3", "NAME": "replica.sqlite3"}},
}}
MEDIA_ROOT = "uploads"
CELERY_BROKER_URL = os.environ.get("SHOP_BROKER", "memory://")

{apps}
{logging}
{service}
{health}

# The blocks of the documentation leave the project's own entries open.
INSTALLED_APPS = [app for app in INSTALLED_APPS if app is not ...] + ["shop"]
MIDDLEWARE = [name for name in MIDDLEWARE if name is not ...]
DJANGO_MONITORING = {{**SERVICE, **DJANGO_MONITORING}}
if os.environ.get("SHOP_ALL_CHECKS") is None:
    DJANGO_MONITORING["HEALTH"]["CHECKS"] = {{}}
"""

_FILES: Final[Mapping[str, str]] = {
    "shop/__init__.py": "",
    "shop/urls.py": """
from django.http import HttpResponse
from django.urls import path


def fail(request):
    return HttpResponse(str(1 // 0))


urlpatterns = [path("", lambda request: HttpResponse("shop")), path("fail/", fail)]
""",
    "shop/health.py": """
def search():
    return True
""",
    "shop/wsgi.py": """
import os
from django.core.wsgi import get_wsgi_application
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings")
application = get_wsgi_application()
""",
    "shop/asgi.py": """
import os
from django.core.asgi import get_asgi_application
from django_monitoring.asgi import publish_on_shutdown
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings")
application = publish_on_shutdown(get_asgi_application())
""",
    "shop/tasks.py": """
from shop.celery import app


@app.task
def pay(order):
    return 100 // order
""",
    "manage.py": """
import os
import sys
from django.core.management import execute_from_command_line
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings")
execute_from_command_line(sys.argv)
""",
}


def settings_text(apps: str | None = None, health: str | None = None) -> str:
    """The settings, with the documentation's blocks in them."""
    service = block("python", 'DJANGO_MONITORING = {"SERVICE": "django-app-service"}')
    return _SETTINGS.format(
        apps=apps
        or block("python", 'INSTALLED_APPS = ["django_monitoring", ...]\nMIDDLEWARE = [\n'),
        logging=block("python", "LOGGING"),
        service=service.replace("DJANGO_MONITORING", "SERVICE"),
        health=health
        or block("python", 'DJANGO_MONITORING = {\n    "HEALTH": {\n        "INTERVAL"'),
    )


@dataclass
class Project:
    """The project on disk.

    Attributes:
        directory: where its commands run.
        environment: what they get besides.
    """

    directory: Path
    environment: dict[str, str] = field(default_factory=dict)

    def write(self, name: str, text: str) -> None:
        """Write one of its files."""
        path = self.directory / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)

    def run(
        self, *command: str, python: str = sys.executable
    ) -> "subprocess.CompletedProcess[str]":
        """Run a command to its end; the first word is a module or a file of Python's."""
        return subprocess.run(
            [python, *as_python(command)],
            cwd=self.directory,
            env=self._environment(),
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    @contextmanager
    def running(self, *command: str) -> Iterator["Output"]:
        """A command that runs until the block ends, and then is asked to end as ECS does."""
        path = self.directory / "output"
        with path.open("wb") as file:
            process = subprocess.Popen(
                [sys.executable, *as_python(command)],
                cwd=self.directory,
                env=self._environment(),
                stdout=file,
                stderr=file,
                start_new_session=True,
            )
        output = Output(path, process)
        try:
            yield output
        finally:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(30)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()

    def _environment(self) -> dict[str, str]:
        given = {**os.environ, "PYTHONPATH": f"{PACKAGE / 'src'}:.", **self.environment}
        given.pop("DJANGO_SETTINGS_MODULE", None)
        return given


@dataclass(frozen=True)
class Output:
    """What a running command has written to stdout and stderr."""

    path: Path
    process: "subprocess.Popen[bytes]"

    @property
    def lines(self) -> Sequence[str]:
        """All of it so far."""
        return self.path.read_text(errors="replace").splitlines()

    @property
    def events(self) -> Sequence[Mapping[str, Any]]:
        """Every line as JSON; one that is none is a failure. Metric lines are left out."""
        events = [json.loads(line) for line in self.lines]
        return [event for event in events if "_aws" not in event]

    def until(self, condition: Callable[[], object], seconds: float = 60) -> None:
        """Wait for something that the command does."""
        end = time.monotonic() + seconds
        while not condition():
            told = "\n".join(self.lines)
            assert self.process.poll() is None, f"it has ended: {told}"
            assert time.monotonic() < end, f"not within {seconds} s: {told}"
            time.sleep(0.05)


def as_python(command: Sequence[str]) -> Sequence[str]:
    """A command as arguments of Python, which is the one of the tests."""
    name, *arguments = command
    if name.endswith(".py"):
        return [name, *arguments]
    return ["-m", name, *arguments]


def made(directory: Path) -> Project:
    """The project in a directory."""
    project = Project(directory)
    for name, text in _FILES.items():
        project.write(name, text)
    project.write("shop/settings.py", settings_text())
    project.write("shop/celery.py", block("python", "import os\nfrom logging.config import"))
    project.write("gunicorn.conf.py", block("python", "logconfig_dict"))
    project.write("logging.json", block("json", '{\n  "version": 1'))
    return project
