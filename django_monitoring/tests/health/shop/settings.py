"""A project whose every safeguard would refuse a probe: the health middleware comes before them."""

import json
import os

import django

SECRET_KEY = "only for tests"
ALLOWED_HOSTS = ["shop.example"]
SECURE_SSL_REDIRECT = True
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
ROOT_URLCONF = "shop.urls"
USE_TZ = True
INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
]
MIDDLEWARE = [
    "django_monitoring.health.HealthMiddleware",
    "django_monitoring.logs.RequestIdMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
]
if django.VERSION >= (5, 1):
    MIDDLEWARE.append("django.contrib.auth.middleware.LoginRequiredMiddleware")
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.postgresql",
        "HOST": "127.0.0.1",
        "PORT": os.environ["SHOP_DATABASE_PORT"],
        "NAME": "postgres",
        "USER": "postgres",
        "ATOMIC_REQUESTS": True,
        "CONN_MAX_AGE": int(os.environ["SHOP_CONN_MAX_AGE"]),
    }
}
DJANGO_MONITORING = {"HEALTH": json.loads(os.environ["SHOP_HEALTH"])}
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "django_monitoring.logs.JsonFormatter"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["console"], "level": "INFO"},
}
