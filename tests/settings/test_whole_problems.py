"""Mistakes in tags and in what rests on what, whole: where, what stands there, and the fix."""

import json
from collections.abc import Mapping
from typing import Any, Final

import pytest

from tests.settings.refusal import aws_config, many_tags, problems_of, stack_config

WEB: Final = {"cluster": "shop", "service": "checkout"}
SITE: Final = {"url": "https://www.shop.jp/readyz"}
DATABASE: Final = {
    "instance": "shop-db",
    "engine": "postgres",
    "instance_class": "db.t4g.small",
    "allocated_storage_gib": 100,
}


def tagged(own: int, default: int = 0, **more: Any) -> list[tuple[str, str, str]]:
    settings = {"tags": many_tags(own), **more}
    return problems_of(aws_config(settings, {"defaultTags": {"tags": many_tags(default, "d")}}))


@pytest.mark.parametrize(
    ("own", "default", "fix"),
    [
        # 50, less AlarmKey, Target, Severity and Unit.
        (40, 6, ""),
        (
            40,
            7,
            "47 tags, with those of aws:defaultTags: an alarm has room for 46 besides its own; "
            "write fewer",
        ),
        (0, 46, ""),
    ],
)
def test_tags_of_an_alarm(own: int, default: int, fix: str) -> None:
    assert tagged(own, default) == ([("tags", "", fix)] if fix else [])


@pytest.mark.parametrize(
    ("own", "fix"),
    [
        # 10, less Name.
        (9, ""),
        (10, "10 tags: a health check of Route 53 has room for 9 besides its own; write fewer"),
    ],
)
def test_tags_of_a_health_check(own: int, fix: str) -> None:
    assert tagged(own, health={"site": SITE}) == ([("tags", "", fix)] if fix else [])


@pytest.mark.parametrize(
    ("tags", "value", "fix"),
    [
        ({"a" * 128: "b" * 256, "k": ""}, "", ""),
        ({"k": "a B_0.:/=+-@é"}, "", ""),
        (
            {"k": "b" * 257},
            f'"{"b" * 79}…',
            "write up to 256 letters, digits, spaces and _ . : / = + - @",
        ),
        ({"k": "a,b"}, '"a,b"', "write up to 256 letters, digits, spaces and _ . : / = + - @"),
    ],
)
def test_the_grammar_of_tags(tags: dict[str, str], value: str, fix: str) -> None:
    assert problems_of(stack_config({"tags": tags})) == ([("tags.k", value, fix)] if fix else [])


@pytest.mark.parametrize("key", ["", "a" * 129, "aws:x", "AWS:x"])
def test_keys_of_tags(key: str) -> None:
    fix = "is no tag key: write 1 to 128 characters that do not start with aws:"
    ((_, value, said),) = problems_of(aws_config({}, {"defaultTags": {"tags": {key: "x"}}}))
    assert said == fix
    assert value == (json.dumps(key) if len(key) < 80 else f'"{key[:79]}…')


@pytest.mark.parametrize(
    ("default", "problem"),
    [
        ("{}", None),
        ({"tags": None}, None),
        ({"tags": {}}, None),
        ("no json", ('"no json"', "write a mapping with tags under it, such as tags: {Team: p}")),
        (["a"], ('["a"]', "write a mapping with tags under it, such as tags: {Team: p}")),
        (
            {"tag": {}},
            (
                '{"tag": {}}',
                'unknown key "tag"; did you mean "tags"? write one of: tags; default tags stand '
                "under it",
            ),
        ),
        (
            {"tags": ["a"]},
            ('{"tags": ["a"]}', "write tags as a mapping of texts, such as tags: {Team: p}"),
        ),
        (
            {"tags": {"a": 1}},
            ('{"tags": {"a": 1}}', "write tags as a mapping of texts, such as tags: {Team: p}"),
        ),
    ],
)
def test_the_form_of_default_tags(default: Any, problem: tuple[str, str] | None) -> None:
    found = problems_of(aws_config({}, {"defaultTags": default}))
    if problem is None:
        assert found == []
        return
    value, fix = problem
    assert found == [("aws:defaultTags", value, fix.replace("{Team: p}", "{Team: payments}"))]


INCIDENT: Final = {"paging": "incident", "emails": {"critical": ["a@shop.jp"]}}
HOME: Final = {"region": "ap-northeast-1"}


def resting(depends_on: Any, aws: Mapping[str, Any] = HOME, **more: Any) -> Any:
    sections = {"ecs": {"web": WEB}, "rds": {"main": DATABASE}, "health": {"site": SITE}, **more}
    alerts = {**INCIDENT, "depends_on": depends_on}
    return problems_of(aws_config({**sections, "alerts": alerts}, aws))


def test_what_rests_on_what() -> None:
    known = "write one of: ecs.web, rds.main, health.site; write it as <section>.<name>"
    assert resting({"ecs.web": ["rds.main"]}) == []
    # The target itself, and what it rests on by its place.
    assert resting({"ecs.wbe": ["rds.main", "rds.mian"]}) == [
        (
            'alerts.depends_on["ecs.wbe"]',
            "",
            f'unknown target "ecs.wbe"; did you mean "ecs.web"? {known}',
        ),
        (
            'alerts.depends_on["ecs.wbe"][1]',
            "",
            f'unknown target "rds.mian"; did you mean "rds.main"? {known}',
        ),
    ]
    assert resting({"ecs.web": ["rds.main"], "rds.main": ["ecs.web"]}) == [
        (
            "alerts.depends_on",
            "",
            "ecs.web depends on rds.main depends on ecs.web: a cause and its symptom cannot be "
            "each other's; leave one of them out",
        )
    ]


def test_only_alarms_of_one_region_are_combined() -> None:
    assert resting({"health.site": ["ecs.web", "rds.main"]}) == [
        (
            'alerts.depends_on["health.site"]',
            "",
            "CloudWatch combines alarms of one Region only: leave out what has its alarms in "
            "us-east-1",
        )
    ]
    # At home there, they are all of one.
    assert resting({"health.site": ["ecs.web", "rds.main"]}, {"region": "us-east-1"}) == []
