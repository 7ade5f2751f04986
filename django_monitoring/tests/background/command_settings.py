"""Settings of the project with a management command."""

import os

SECRET_KEY = "only for tests"
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}}
INSTALLED_APPS = ["django_monitoring", "tests.background.billing"]
DJANGO_MONITORING = {"SERVICE": os.environ.get("SITE_SERVICE")}
LOGGING = {
    "version": 1,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["console"]},
}
