"""What the tests of every part share: Django with settings that name no real service."""

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import django
import hypothesis
import pytest
from django.conf import settings

from tests.health.redis import Redis

# A busy machine may take long for the first example, which says nothing about the code.
hypothesis.settings.register_profile("tests", deadline=None)
hypothesis.settings.load_profile("tests")

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


@pytest.fixture(scope="session")
def redis() -> Iterator[Redis]:
    """A real server that runs; a test that ends it starts it again."""
    with TemporaryDirectory(prefix="redis-") as directory:
        server = Redis(Path(directory))
        server.start()
        yield server
        server.kill()
