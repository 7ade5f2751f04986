"""The project's own tests, which are run by pytest and by ``manage.py test``."""

import django
from django.test import Client, TestCase

from django_monitoring.testing import captured_metrics

django.setup()


class ShopTest(TestCase):
    def test_nothing_is_asked_of_the_metrics(self) -> None:
        assert Client().get("/errors/buy/").content == b"bought"

    def test_what_was_recorded(self) -> None:
        with captured_metrics() as metrics:
            Client().get("/nowhere/")
            with self.captureOnCommitCallbacks(execute=True):
                Client().get("/errors/buy/")
        assert metrics.total("Actions", Action="checkout") == 1
        assert metrics.total("Requests") == 2
        assert metrics.total("Status_2xx", Route="errors/buy/", Method="GET") == 1
        assert len(metrics.samples("ResponseTime", Route="errors/buy/")) == 1
        with captured_metrics() as metrics:
            Client().get("/nowhere/")
        assert metrics.total("StatusCode_4xx") == 1
        assert metrics.total("Actions") == 0
