"""Counts unhandled exceptions by their type."""

import sys

from . import contract
from .events import CountEvent
from .recorder import recorder


def count_failure(**_: object) -> None:
    """Count the exception that is being handled; a receiver of ``got_request_exception``.

    Django sends the signal while it handles the exception, in ASGI too, and lets what a receiver
    raises through to the request: so nothing is raised here.
    https://docs.djangoproject.com/en/stable/ref/signals/#got-request-exception
    """
    kind = sys.exc_info()[0]
    if kind is not None:
        recorder.add(CountEvent(contract.TYPE, kind.__name__, contract.FAILURES))
