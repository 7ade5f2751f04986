"""DJANGO_MONITORING["HEALTH"]: defaults, and what is said of values that make no sense."""

from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import connections
from django.test import override_settings

from django_monitoring.health import CheckKind, CheckSettings, HealthSettings, health_settings


def read(**health: Any) -> HealthSettings:
    with override_settings(DJANGO_MONITORING={"HEALTH": health}):
        return health_settings()


def test_the_database_is_checked_where_nothing_is_said() -> None:
    assert health_settings() == HealthSettings(
        checks=(CheckSettings("database", CheckKind.DATABASE, "default", 2.0),),
        interval=10.0,
        unhealthy_status=500,
    )


def test_other_parts_keys_are_left_alone() -> None:
    with override_settings(DJANGO_MONITORING={"METRICS": {}}):
        assert health_settings() == read()


def test_everything_that_can_be_said() -> None:
    found = read(
        CHECKS={
            "database": {"DATABASE": "default", "DEADLINE": 1.5},
            "sessions": {"CACHE": "default"},
            "search": {"CALL": "django.core.management.get_commands", "DEADLINE": 3},
        },
        INTERVAL=15,
        DEADLINE=1,
        UNHEALTHY_STATUS=503,
    )
    assert found.checks == (
        CheckSettings("database", CheckKind.DATABASE, "default", 1.5),
        CheckSettings("sessions", CheckKind.CACHE, "default", 1.0),
        CheckSettings("search", CheckKind.CALL, "django.core.management.get_commands", 3.0),
    )
    assert (found.interval, found.unhealthy_status) == (15.0, 503)


def test_no_checks_at_all() -> None:
    assert read(CHECKS={}).checks == ()


HEALTH = 'DJANGO_MONITORING["HEALTH"]'
CHECKS = f'{HEALTH}["CHECKS"]'


@pytest.mark.parametrize(
    ("health", "message"),
    [
        ({"INTERVALL": 5}, f"a key of {HEALTH} is 'INTERVALL': write \"INTERVAL\""),
        ({"interval": 5}, f"a key of {HEALTH} is 'interval': write \"INTERVAL\""),
        ({1: 5}, f"a key of {HEALTH} is 1: write one of CHECKS, INTERVAL, DEADLINE, UNHEALTHY"),
        ({"INTERVAL": 1}, f'{HEALTH}["INTERVAL"] is 1: write seconds from 2 to 300'),
        ({"INTERVAL": "5"}, f"{HEALTH}[\"INTERVAL\"] is '5': write seconds from 2 to 300"),
        ({"INTERVAL": True}, f'{HEALTH}["INTERVAL"] is True: write seconds from 2 to 300'),
        ({"INTERVAL": float("nan")}, f'{HEALTH}["INTERVAL"] is nan: write seconds'),
        ({"DEADLINE": 0}, f'{HEALTH}["DEADLINE"] is 0: write seconds from 0.1 to 10'),
        ({"DEADLINE": 11}, f'{HEALTH}["DEADLINE"] is 11: write seconds from 0.1 to 10'),
        ({"UNHEALTHY_STATUS": 200}, f'{HEALTH}["UNHEALTHY_STATUS"] is 200: write 500 or 503'),
        ({"CHECKS": []}, f'{CHECKS} is []: write {{"database": {{"DATABASE": "default"}}}}, or'),
        ({"CHECKS": {"status": {}}}, f"{CHECKS} is 'status': write a name that is text, other"),
        ({"CHECKS": {"": {}}}, f"{CHECKS} is '': write a name"),
        ({"CHECKS": {"db": "default"}}, f'{CHECKS}["db"] is \'default\': write {{"DATABASE": '),
        ({"CHECKS": {"db": {}}}, f'{CHECKS}["db"] is {{}}: write {{"DATABASE": "<alias>"}}, '),
        (
            {"CHECKS": {"db": {"DATABASE": "default", "CACHE": "default"}}},
            f"{CHECKS}[\"db\"] is {{'DATABASE': 'default', 'CACHE': 'default'}}: write",
        ),
        (
            {"CHECKS": {"db": {"DATABSE": "default"}}},
            f'a key of {CHECKS}["db"] is \'DATABSE\': write "DATABASE"',
        ),
        (
            {"CHECKS": {"db": {"DATABASE": "replica"}}},
            f'{CHECKS}["db"]["DATABASE"] is \'replica\': write an alias of DATABASES that has',
        ),
        (
            {"CHECKS": {"db": {"DATABASE": "default", "DEADLINE": 20}}},
            f'{CHECKS}["db"]["DEADLINE"] is 20: write seconds from 0.1 to 10',
        ),
        (
            {"CHECKS": {"cache": {"CACHE": "redis"}}},
            f'{CHECKS}["cache"]["CACHE"] is \'redis\': write an alias of CACHES: default',
        ),
        ({"CHECKS": {"s": {"CALL": 5}}}, f'{CHECKS}["s"]["CALL"] is 5: write text'),
        (
            {"CHECKS": {"s": {"CALL": "shop.search"}}},
            f'{CHECKS}["s"]["CALL"] is \'shop.search\', which cannot be imported (No module',
        ),
        (
            {"CHECKS": {"s": {"CALL": "asyncio.sleep"}}},
            f'{CHECKS}["s"]["CALL"] is \'asyncio.sleep\': write the dotted path of a plain fun',
        ),
        (
            {"CHECKS": {"s": {"CALL": "os.sep"}}},
            f'{CHECKS}["s"]["CALL"] is \'os.sep\': write the dotted path of a plain function',
        ),
    ],
)
def test_what_makes_no_sense(health: dict[Any, Any], message: str) -> None:
    with (
        override_settings(DJANGO_MONITORING={"HEALTH": health}),
        pytest.raises(ImproperlyConfigured) as caught,
    ):
        health_settings()
    assert str(caught.value).startswith(message)


@pytest.mark.parametrize(
    ("setting", "message"),
    [
        ([], 'DJANGO_MONITORING is []: write {"HEALTH": {…}}'),
        ({"HEALTH": True}, f'{HEALTH} is True: write {{"INTERVAL": 10, …}}'),
    ],
)
def test_settings_that_are_no_mappings(setting: Any, message: str) -> None:
    with (
        override_settings(DJANGO_MONITORING=setting),
        pytest.raises(ImproperlyConfigured) as caught,
    ):
        health_settings()
    assert str(caught.value) == message


def test_a_project_without_a_database_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(connections.databases, "default", {"ENGINE": "django.db.backends.dummy"})
    with pytest.raises(ImproperlyConfigured, match=r'or DJANGO_MONITORING.*\["CHECKS"\] = \{\} '):
        health_settings()
