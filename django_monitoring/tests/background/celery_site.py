"""A project with a Celery worker, laid out as Celery's documentation does.

https://docs.celeryq.dev/en/stable/django/first-steps-with-django.html
"""

import os
import time
from typing import Any

from celery import Celery, Task

from .whole_files import send_whole_files

send_whole_files()
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.background.celery_settings")

app = Celery("shop")
app.config_from_object("django.conf:settings", namespace="CELERY")


@app.task(name="shop.bill")
def bill() -> None:
    from django_monitoring.actions import record_action

    record_action("billed")


@app.task(name="shop.fail_with_error")
def fail() -> None:
    raise ValueError("error")


@app.task(name="shop.retry", bind=True, max_retries=2, default_retry_delay=0)
def retry(self: "Task[Any, Any]") -> None:
    raise self.retry(exc=ValueError())


@app.task(name="shop.hang")
def hang(seconds: float) -> None:
    time.sleep(seconds)


@app.task(name="shop.overrun", time_limit=1)
def overrun() -> None:
    time.sleep(60)


@app.task(name="shop.die")
def die() -> None:
    os._exit(3)
