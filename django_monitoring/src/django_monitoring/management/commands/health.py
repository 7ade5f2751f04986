"""``manage.py health``: the health checks for scripts and for containers' health checks."""

import json
import sys
import time
from argparse import ArgumentParser, RawDescriptionHelpFormatter
from collections.abc import Sequence
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from typing import Any, Final
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured
from django.core.management.base import BaseCommand, CommandError

from ...health.checks import CheckSettings, check_of
from ...health.conf import HealthSettings, health_settings
from ...health.once import run_once

_WRONG_USE: Final = 2

_EXAMPLES: Final = """\
examples:
  manage.py health                       the checks that /health/ tells of, run here
  manage.py health migrations && gunicorn shop.wsgi
                                         start only with every migration applied
  manage.py health worker                a check that no endpoint tells of (COMMAND_ONLY)
  manage.py health --url http://127.0.0.1:8000/livez
                                         ask the server in this container, in place of curl

exit status: 0 healthy, 1 unhealthy, 2 wrong use or wrong settings
"""


class Command(BaseCommand):
    """Runs checks of ``DJANGO_MONITORING["HEALTH"]`` once, or asks a server over HTTP."""

    help = (
        "Run the health checks once, at the same time and each within its deadline, or ask a "
        "running server."
    )
    # It runs every few seconds, and what it needs of the settings it looks at itself.
    requires_system_checks: list[str] = []

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> Any:
        """The parser, with examples that keep their lines."""
        shape = {"epilog": _EXAMPLES, "formatter_class": RawDescriptionHelpFormatter}
        return super().create_parser(prog_name, subcommand, **{**shape, **kwargs})

    def add_arguments(self, parser: ArgumentParser) -> None:
        """What it takes."""
        parser.add_argument(
            "check",
            nargs="*",
            help="names from CHECKS; without any, all but those that are COMMAND_ONLY",
        )
        parser.add_argument("--url", help="ask a server instead; healthy is status 200")
        parser.add_argument(
            "--timeout", type=float, default=3.0, help="seconds for --url (3 by default)"
        )
        parser.add_argument("--json", action="store_true", help="write one line of JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        """Run it.

        Raises:
            CommandError: for wrong use or wrong settings.
            SystemExit: with 1 where something is unhealthy.
        """
        if options["url"] is None:
            healthy = self._run(options["check"], as_json=options["json"])
        elif options["check"]:
            raise CommandError("write names of checks or --url, not both", returncode=_WRONG_USE)
        else:
            healthy = self._ask(options["url"], options["timeout"], as_json=options["json"])
        if not healthy:
            sys.exit(1)

    def _run(self, names: Sequence[str], *, as_json: bool) -> bool:
        outcomes = run_once(map(check_of, _chosen(_settings(), names)))
        healthy = all(outcome.healthy for outcome in outcomes)
        if as_json:
            checks = {
                outcome.name: {
                    "healthy": outcome.healthy,
                    "word": outcome.word,
                    "seconds": round(outcome.seconds, 3),
                    "reason": outcome.reason,
                }
                for outcome in outcomes
            }
            self.stdout.write(json.dumps({"healthy": healthy, "checks": checks}))
            return healthy
        for outcome in outcomes:
            reason = f" ({' '.join(outcome.reason.split())})" if outcome.reason else ""
            self.stdout.write(f"{outcome.name}: {outcome.word}{reason}")
        if not outcomes:
            self.stdout.write("nothing to check")
        return healthy

    def _ask(self, url: str, timeout: float, *, as_json: bool) -> bool:
        began = time.monotonic()
        status, reason = _status(url, timeout)
        seconds = round(time.monotonic() - began, 3)
        healthy = status == 200
        if as_json:
            told = {"healthy": healthy, "url": url, "status": status}
            self.stdout.write(json.dumps({**told, "seconds": seconds, "reason": reason}))
        else:
            self.stdout.write(f"{url}: {reason if status is None else status}")
        return healthy


def _settings() -> HealthSettings:
    try:
        return health_settings()
    except ImproperlyConfigured as error:
        raise CommandError(str(error), returncode=_WRONG_USE) from error


def _chosen(settings: HealthSettings, names: Sequence[str]) -> Sequence[CheckSettings]:
    if not names:
        return settings.probed
    checks = {check.name: check for check in settings.checks}
    for name in names:
        if name not in checks:
            raise CommandError(
                f'there is no check "{name}": write one of: {", ".join(checks)}',
                returncode=_WRONG_USE,
            )
    return [checks[name] for name in dict.fromkeys(names)]


def _status(url: str, timeout: float) -> tuple[int | None, str]:
    """The status of the answer, or ``None`` and the reason where there is none.

    A redirect is not followed: a probe that is redirected has not met the health endpoints.
    """
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise CommandError(
            f"--url is {url!r}: write a URL such as http://127.0.0.1:8000/livez",
            returncode=_WRONG_USE,
        )
    make = HTTPSConnection if parts.scheme == "https" else HTTPConnection
    path = f"{parts.path or '/'}{'?' if parts.query else ''}{parts.query}"
    try:
        connection = make(parts.hostname, parts.port, timeout=timeout)
        try:
            connection.request("GET", path, headers={"Connection": "close"})
            return connection.getresponse().status, ""
        finally:
            connection.close()
    except (OSError, HTTPException, ValueError) as error:
        return None, f"{type(error).__name__}: {error}"
