"""One view that uses the database, and one that any login would let through."""

import os
from collections.abc import Callable

from django.contrib.auth import decorators
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.urls import path

View = Callable[[HttpRequest], HttpResponse]

# Django before 5.1 has neither this nor LoginRequiredMiddleware.
login_not_required: Callable[[View], View] = getattr(
    decorators, "login_not_required", lambda view: view
)


@login_not_required
def orders(request: HttpRequest) -> HttpResponse:
    """Ask the database, over the request's own connection."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return HttpResponse(str(os.getpid()))


def account(request: HttpRequest) -> HttpResponse:
    """Something for users who are logged in."""
    return HttpResponse("yours")


urlpatterns = [path("orders/", orders), path("account/", account)]
