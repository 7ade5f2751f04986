"""A project whose tests make requests: production settings, metrics included."""

from typing import Any

SECRET_KEY = "only for tests"
ALLOWED_HOSTS = ["*"]
ROOT_URLCONF = "tested_project.urls"
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}}
INSTALLED_APPS = ["django_monitoring"]
MIDDLEWARE = ["django_monitoring.middleware.metrics"]
DJANGO_MONITORING: dict[str, Any] = {"SERVICE": "shop"}
