"""Records in ``migrate``, too, as a data migration may."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate


def bill_again(**_: object) -> None:
    from django_monitoring.actions import record_action

    record_action("billed")


class BillingConfig(AppConfig):
    name = "tests.background.billing"
    label = "billing"

    def ready(self) -> None:
        post_migrate.connect(bill_again, sender=self)
