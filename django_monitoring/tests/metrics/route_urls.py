"""URL configurations of many routes, of several languages, and of views with few methods."""

from types import ModuleType
from typing import Any

from django.conf.urls.i18n import i18n_patterns
from django.http import HttpRequest, HttpResponse
from django.urls import include, path, re_path
from django.utils.translation import gettext_lazy
from django.views import View


def page(request: HttpRequest, **_: Any) -> HttpResponse:
    return HttpResponse("ok")


class Reading(View):
    def get(self, request: HttpRequest) -> HttpResponse:
        return HttpResponse("ok")


def viewset(request: HttpRequest) -> HttpResponse:
    """As Django REST framework makes one: it has the methods and their actions."""
    return HttpResponse("ok")


viewset.actions = {"get": "list", "post": "create"}  # type: ignore[attr-defined]


def urlconf(patterns: list[Any]) -> ModuleType:
    """A URL configuration that settings can name: Django takes modules, too."""
    module = ModuleType("made_up_urls")
    module.urlpatterns = patterns  # type: ignore[attr-defined]
    return module


MANY = urlconf([path(f"page-{number}/", page) for number in range(2000)])

MIXED = urlconf(
    [
        path("", page),
        re_path(r"^old/(?P<pk>[0-9]+)$", page),
        path("api/", include([re_path(r"^v(?P<version>[0-9])/$", page), path("", page)])),
        path("reading/", Reading.as_view()),
        path("viewset/", viewset),
        path("page/", page),
        path("page/", page),
    ]
)

_LOCALIZED = [path("", page), path("orders/<int:pk>/", page), path(gettext_lazy("Monday"), page)]

LANGUAGES = urlconf([path("plain/", page), *i18n_patterns(*_LOCALIZED)])
UNPREFIXED = urlconf(
    [path("plain/", page), *i18n_patterns(*_LOCALIZED, prefix_default_language=False)]
)
