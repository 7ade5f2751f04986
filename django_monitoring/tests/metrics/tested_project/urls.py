"""One page, on which something is bought."""

from django.http import HttpRequest, HttpResponse
from django.urls import path

from django_monitoring.actions import record_action


def buy(request: HttpRequest) -> HttpResponse:
    record_action("checkout")
    return HttpResponse("bought")


urlpatterns = [path("errors/buy/", buy)]
