"""Django's own tasks, of Django 6.0 and of the package for older versions."""

import subprocess
import sys
from importlib.util import find_spec

import pytest

from tests.metrics.emf_lines import metric_documents
from tests.metrics.keeping import samples, total
from tests.metrics.servers import PYTHONPATH

PROGRAM = """
import sys
import django
from django.conf import settings

module = sys.argv[1]
settings.configure(
    SECRET_KEY="only for tests",
    USE_TZ=True,
    INSTALLED_APPS=["django_monitoring"] + ["django_tasks"] * (module == "django_tasks"),
    TASKS={"default": {"BACKEND": f"{module}.backends.immediate.ImmediateBackend"}},
    DJANGO_MONITORING={"SERVICE": "shop"},
    LOGGING_CONFIG=None,
)
django.setup()
from tests.background.tasks_of_django import made

bill, fail = made(module)
for _ in range(3):
    bill.enqueue()
fail.enqueue()
"""


@pytest.mark.parametrize("module", ["django.tasks", "django_tasks"])
def test_tasks_are_counted(module: str) -> None:
    if find_spec(module) is None:
        pytest.skip(f"needs {module}: Django 6.0, or pip install django-tasks")
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, module],
        env={"PYTHONPATH": PYTHONPATH},
        capture_output=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    documents = metric_documents(done.stdout)
    assert total(documents, "Tasks", Task="tests.background.tasks_of_django.bill") == 3
    assert total(documents, "Tasks", Task="tests.background.tasks_of_django.fail") == 1
    assert total(documents, "TaskFailures") == 1
    assert len(samples(documents, "TaskTime")) == 4
    assert len(samples(documents, "TaskWait")) == 4
