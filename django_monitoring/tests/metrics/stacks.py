"""Middleware around the metrics that knows no asynchronous code, which moves them into threads."""

from collections.abc import Callable
from typing import Final

from django.http import HttpRequest, HttpResponse

METRICS: Final = "django_monitoring.middleware.metrics"
COMMON: Final = "django.middleware.common.CommonMiddleware"
WHITENOISE: Final = "whitenoise.middleware.WhiteNoiseMiddleware"
SYNC_ONLY: Final = f"{__name__}.SyncOnly"

STACKS: Final[dict[str, list[str]]] = {
    "none sync-only": [METRICS, COMMON],
    "sync-only above": [SYNC_ONLY, METRICS, COMMON],
    "sync-only below": [METRICS, SYNC_ONLY, COMMON],
    "sync-only above and below": [SYNC_ONLY, METRICS, COMMON, SYNC_ONLY],
    "WhiteNoise below": [METRICS, WHITENOISE, COMMON],
}


class SyncOnly:
    """A plain class, as middleware was written before Django 3.1, and often still is."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self._get_response(request)
