"""DJANGO_MONITORING["HEALTH"]: defaults, and what is said of values that make no sense."""

from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import connections
from django.test import override_settings

from django_monitoring.health import HealthSettings, health_settings
from django_monitoring.health.checks import CheckSettings
from django_monitoring.health.kinds import CACHE, CALL, CELERY, DATABASE, MIGRATIONS, STORAGE
from django_monitoring.paths import HealthPaths


def read(**health: Any) -> HealthSettings:
    with override_settings(DJANGO_MONITORING={"HEALTH": health}):
        return health_settings()


def test_the_database_is_checked_where_nothing_is_said() -> None:
    assert health_settings() == HealthSettings(
        checks=(CheckSettings("database", DATABASE, "default", deadline=2.0, interval=10.0),),
        paths=HealthPaths(
            live=frozenset({"/livez", "/livez/"}),
            ready=frozenset({"/health/", "/health", "/readyz", "/readyz/"}),
        ),
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
            "schema": {"MIGRATIONS": "default", "INTERVAL": 60, "DEADLINE": 20},
            "uploads": {"STORAGE": "default"},
            "worker": {"CELERY": "tests.health.jobs.app", "WORKERS": "host", "COMMAND_ONLY": True},
        },
        INTERVAL=15,
        DEADLINE=1,
        UNHEALTHY_STATUS=503,
        LIVE_PATHS=["/up"],
        READY_PATHS=[],
    )
    assert found.checks == (
        CheckSettings("database", DATABASE, "default", 1.5, 15.0),
        CheckSettings("sessions", CACHE, "default", 1.0, 15.0),
        CheckSettings("search", CALL, "django.core.management.get_commands", 3.0, 15.0),
        CheckSettings("schema", MIGRATIONS, "default", 20.0, 60.0),
        CheckSettings("uploads", STORAGE, "default", 1.0, 15.0),
        CheckSettings(
            *("worker", CELERY, "tests.health.jobs.app", 1.0, 15.0),
            command_only=True,
            options=(("WORKERS", "host"),),
        ),
    )
    assert [check.name for check in found.probed] == [
        *("database", "sessions", "search", "schema", "uploads")
    ]
    assert found.unhealthy_status == 503
    assert found.paths == HealthPaths(live=frozenset({"/up"}), ready=frozenset())


def test_a_check_that_comes_more_often_has_a_shorter_deadline() -> None:
    (check,) = read(CHECKS={"db": {"DATABASE": "default", "INTERVAL": 3}}, DEADLINE=5).checks
    assert (check.deadline, check.interval) == (3.0, 3.0)


def test_no_checks_at_all() -> None:
    assert read(CHECKS={}).checks == ()


HEALTH = 'DJANGO_MONITORING["HEALTH"]'
CHECKS = f'{HEALTH}["CHECKS"]'


@pytest.mark.parametrize(
    ("health", "message"),
    [
        ({"INTERVALL": 5}, f"{HEALTH} has no key 'INTERVALL': did you mean \"INTERVAL\"? write"),
        ({"interval": 5}, f"{HEALTH} has no key 'interval': did you mean \"INTERVAL\"? write"),
        ({1: 5}, f"{HEALTH} has no key 1: write one of: LIVE_PATHS, READY_PATHS, CHECKS, INTERVAL"),
        ({"LIVE_PATHS": "/livez"}, f"{HEALTH}[\"LIVE_PATHS\"] is '/livez': write a list of paths"),
        ({"READY_PATHS": ["health"]}, f"{HEALTH}[\"READY_PATHS\"] has 'health': write a list of"),
        ({"READY_PATHS": ["/a/*"]}, f"{HEALTH}[\"READY_PATHS\"] has '/a/*': write a list of paths"),
        (
            {"LIVE_PATHS": ["/up"], "READY_PATHS": ["/up"]},
            f"{HEALTH}[\"READY_PATHS\"] is '/up': write a path that is not one of LIVE_PATHS",
        ),
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
        (
            {"CHECKS": {"db": "default"}},
            f'{CHECKS}["db"] is \'default\': write one of: {{"DATABASE": "<alias>"}}, {{"MIGR',
        ),
        (
            {"CHECKS": {"db": {}}},
            f'{CHECKS}["db"] is {{}}: write one of: {{"DATABASE": "<alias>"}}',
        ),
        (
            {"CHECKS": {"db": {"DATABASE": "default", "CACHE": "default"}}},
            f"{CHECKS}[\"db\"] is {{'DATABASE': 'default', 'CACHE': 'default'}}: write",
        ),
        (
            {"CHECKS": {"db": {"DATABSE": "default"}}},
            f'{CHECKS}["db"] has no key \'DATABSE\': did you mean "DATABASE"? write one of',
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
            f'{CHECKS}["s"]["CALL"] is \'shop.search\': it cannot be imported (No module',
        ),
        (
            {"CHECKS": {"s": {"CALL": "asyncio.sleep"}}},
            f'{CHECKS}["s"]["CALL"] is \'asyncio.sleep\': write the dotted path of a plain fun',
        ),
        (
            {"CHECKS": {"s": {"CALL": "os.sep"}}},
            f'{CHECKS}["s"]["CALL"] is \'os.sep\': write the dotted path of a plain function',
        ),
        (
            {"CHECKS": {"s": {"STORAGE": "uploads"}}},
            f'{CHECKS}["s"]["STORAGE"] is \'uploads\': write an alias of STORAGES: default, stat',
        ),
        (
            {"CHECKS": {"s": {"MIGRATIONS": "replica"}}},
            f'{CHECKS}["s"]["MIGRATIONS"] is \'replica\': write an alias of DATABASES that has',
        ),
        (
            {"CHECKS": {"s": {"CELERY": "os.sep"}}},
            f'{CHECKS}["s"]["CELERY"] is \'os.sep\': write the dotted path of the Celery app',
        ),
        (
            {"CHECKS": {"s": {"CELERY": "shop.celery.app"}}},
            f'{CHECKS}["s"]["CELERY"] is \'shop.celery.app\': it cannot be imported (No module',
        ),
        (
            {"CHECKS": {"s": {"CELERY": "tests.health.jobs.app", "WORKERS": "all"}}},
            f'{CHECKS}["s"]["WORKERS"] is \'all\': write one of: none, any, host',
        ),
        (
            {"CHECKS": {"s": {"CALL": "platform.node", "WORKERS": "any"}}},
            f"{CHECKS}[\"s\"] has no key 'WORKERS': write one of: CALL, DEADLINE, INTERVAL, COMM",
        ),
        (
            {"CHECKS": {"s": {"CALL": "platform.node", "COMMAND_ONLY": "yes"}}},
            f'{CHECKS}["s"]["COMMAND_ONLY"] is \'yes\': write True or False',
        ),
        (
            {"CHECKS": {"s": {"CALL": "platform.node", "INTERVAL": 1}}},
            f'{CHECKS}["s"]["INTERVAL"] is 1: write seconds from 2 to 300',
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
        ([], 'DJANGO_MONITORING is []: write {"SERVICE": "<name>"}'),
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
    with pytest.raises(
        ImproperlyConfigured, match=r'no database has an ENGINE.* "CHECKS": \{\} if'
    ):
        health_settings()


def test_all_mistakes_are_told_at_once() -> None:
    wrong = {"INTERVAL": 0, "UNHEALTHY_STATUS": 200, "CHECKS": {"db": {"DATABASE": "x"}, "c": 5}}
    with pytest.raises(ImproperlyConfigured) as caught:
        read(**wrong)
    assert len(str(caught.value).splitlines()) == 4
