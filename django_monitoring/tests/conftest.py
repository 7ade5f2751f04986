"""What the tests of every part share: Django with settings that name no real service."""

import django
from django.conf import settings

if not settings.configured:
    settings.configure(
        ALLOWED_HOSTS=["*"],
        CACHES={"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}},
        DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}},
        DJANGO_MONITORING={"SERVICE": "shop"},
        INSTALLED_APPS=["django_monitoring"],
        SECRET_KEY="only for tests",
        USE_TZ=True,
    )
    django.setup()
