"""Views with a cache and with an action, slow ones, one that fails and one that hangs."""

import asyncio
import time
from typing import Final

from django.core.cache import cache
from django.http import HttpRequest, JsonResponse

from django_monitoring.actions import record_action

_FOR_EVER: Final = 30.0
"""Seconds; the example has ended by then."""


def product(request: HttpRequest, number: int) -> JsonResponse:
    """A product, from the cache where it is there."""
    shown = cache.get_or_set(f"product-{number}", lambda: {"number": number})
    return JsonResponse(shown)


def checkout(request: HttpRequest) -> JsonResponse:
    """An action that matters to the business."""
    record_action("checkout")
    return JsonResponse({"ordered": True})


def report(request: HttpRequest) -> JsonResponse:
    """Something slow."""
    time.sleep(0.2)
    return JsonResponse({"rows": 3})


def broken(request: HttpRequest) -> JsonResponse:
    """Something that nobody has tested."""
    raise ValueError("no price for this product")


def hanging(request: HttpRequest) -> JsonResponse:
    """Something that waits for another service without a timeout."""
    time.sleep(_FOR_EVER)
    return JsonResponse({"answer": None})


async def slow(request: HttpRequest) -> JsonResponse:
    """Something for which nobody waits to the end."""
    await asyncio.sleep(_FOR_EVER)
    return JsonResponse({"answer": None})
