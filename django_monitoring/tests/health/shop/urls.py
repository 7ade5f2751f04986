"""One view that uses the database, and one that any login would let through."""

import os

from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.urls import path

try:
    from django.contrib.auth.decorators import login_not_required
except ImportError:  # Django before 5.1 has no LoginRequiredMiddleware

    def login_not_required(view):  # type: ignore[no-untyped-def]
        """The view itself."""
        return view


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
