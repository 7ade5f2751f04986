"""Sends invoices."""

from typing import Any

from django.core.management import BaseCommand

from django_monitoring.actions import record_action


class Command(BaseCommand):
    def handle(self, *_: Any, **__: Any) -> None:
        for _number in range(3):
            record_action("billed")
        self.stdout.write("3 invoices")
