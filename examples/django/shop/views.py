"""A view with a cache, one with an action, a slow one and one that fails."""

import time

from django.core.cache import cache
from django.http import HttpRequest, JsonResponse

from django_monitoring.actions import record_action


def product(request: HttpRequest, number: int) -> JsonResponse:
    """A product, from the cache where it is there."""
    found = cache.get_or_set(f"product-{number}", lambda: {"number": number})
    return JsonResponse(found)


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
