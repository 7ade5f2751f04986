"""Asks a MySQL database once, by the check or as a request does; prints what came of it as JSON.

In a process of its own, since PyMySQL takes the place of mysqlclient's module.
"""

import json
import os
import sys
import time
from typing import Any

import django
from django.conf import settings
from django.db import connection


def main() -> None:
    """Run."""
    given: dict[str, Any] = json.loads(os.environ["GIVEN"])
    if given["driver"] == "PyMySQL":
        import pymysql

        pymysql.install_as_MySQLdb()
    settings.configure(
        INSTALLED_APPS=["django_monitoring"],
        DATABASES={"default": {"ENGINE": "django.db.backends.mysql", **given["database"]}},
        DJANGO_MONITORING={"HEALTH": {"DEADLINE": given["deadline"]}},
    )
    django.setup()
    # After django.setup, since they read the settings.
    from django_monitoring.health import health_settings
    from django_monitoring.health.checks import check_of

    (check,) = (check_of(check) for check in health_settings().checks)
    began = time.monotonic()
    try:
        if given["as_request"]:
            with connection.cursor() as cursor:
                cursor.execute("SELECT 1")
        else:
            check.run()
    except Exception as error:
        outcome = type(error).__name__
    else:
        outcome = ""
    json.dump({"outcome": outcome, "seconds": time.monotonic() - began}, sys.stdout)


main()
