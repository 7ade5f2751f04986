"""The shop's Celery application, as Celery's documentation lays it out for Django.

https://docs.celeryq.dev/en/stable/django/first-steps-with-django.html
"""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings")
app = Celery("shop")
app.config_from_object("django.conf:settings", namespace="CELERY")


@app.task(name="shop.bill")
def bill(number: int) -> None:
    """Send a bill; every third address is wrong."""
    if number % 3 == 0:
        raise ValueError("no such address")
