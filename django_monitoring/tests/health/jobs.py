"""A Celery application whose broker is where the test says."""

import os

from celery import Celery

app = Celery("jobs", broker=os.environ.get("JOBS_BROKER", "memory://"))


@app.task
def paid(order: int) -> int:
    """Something that works, or fails for order 0."""
    return 100 // order
