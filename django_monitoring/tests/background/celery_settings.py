"""Settings of the project with a Celery worker; the broker comes from the environment."""

import os

BROKER = os.environ.get("SITE_BROKER", "filesystem://")
FOLDER = os.environ.get("SITE_FOLDER", "/tmp/no-such-folder")

SECRET_KEY = "only for tests"
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}}
INSTALLED_APPS = ["django_monitoring"]
MIDDLEWARE = ["django_monitoring.middleware.metrics"]
DJANGO_MONITORING = {
    "SERVICE": os.environ.get("SITE_SERVICE", "shop"),
    "INTERVAL": float(os.environ.get("SITE_INTERVAL", "60")),
}
CELERY_BROKER_URL = BROKER
CELERY_TASK_IGNORE_RESULT = True
CELERY_BROKER_TRANSPORT_OPTIONS = (
    {
        "data_folder_in": f"{FOLDER}/queue",
        "data_folder_out": f"{FOLDER}/queue",
        "control_folder": f"{FOLDER}/control",
    }
    if BROKER.startswith("filesystem")
    else {"global_keyprefix": os.environ.get("SITE_PREFIX", "")}
)
