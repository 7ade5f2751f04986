"""Settings of the example: no database, a cache in memory, everything measured."""

import os
import tempfile

SECRET_KEY = "of an example, and of nothing else"
ALLOWED_HOSTS = ["127.0.0.1"]
ROOT_URLCONF = "shop.urls"
WSGI_APPLICATION = "shop.wsgi.application"
INSTALLED_APPS = ["django_monitoring"]
MIDDLEWARE = [
    "django_monitoring.middleware.metrics",
    "django_monitoring.logs.RequestIdMiddleware",
    "django.middleware.common.CommonMiddleware",
]
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
# One second instead of sixty, so that nobody has to wait for the metrics.
DJANGO_MONITORING = {"SERVICE": "shop", "INTERVAL": 1}
# Messages in files, so that no broker is needed.
_MESSAGES = os.environ.get("SHOP_MESSAGES", tempfile.gettempdir())
CELERY_BROKER_URL = "filesystem://"
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "data_folder_in": _MESSAGES,
    "data_folder_out": _MESSAGES,
    "control_folder": f"{_MESSAGES}/control",
}
CELERY_TASK_IGNORE_RESULT = True
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "django_monitoring.logs.JsonFormatter"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
}
