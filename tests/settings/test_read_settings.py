"""How a stack's config is read: sections, texts, unknown keys, and what is left of a mistake."""

from dataclasses import replace
from typing import Any, Final

import pytest

from stack.config import StackConfig
from tests.settings.refusal import asked, problems_of, stack_config, with_secret

PROJECT: Final = "django-ecs-monitoring"
WEB: Final = {"cluster": "shop", "service": "checkout"}


def written(**values: str) -> StackConfig:
    """A config of texts as a stack's file has them; ``__`` for the colon of another namespace."""
    keys = {key: key.replace("__", ":") if "__" in key else f"{PROJECT}:{key}" for key in values}
    return replace(stack_config({}), values={keys[key]: text for key, text in values.items()})


@pytest.mark.parametrize(
    ("text", "problems"),
    [
        ("https://wiki.shop.jp", []),
        ("", []),
        ("[a]", [("runbooks", '"[a]"', "write a text")]),
        ("{a: b}", [("runbooks", '"{a: b}"', "write a text")]),
        # No JSON, and not meant as such.
        ("5", []),
        ('"quoted"', []),
    ],
)
def test_a_section_that_is_a_text(text: str, problems: list[tuple[str, str, str]]) -> None:
    config = written(runbooks=text)
    assert problems_of(config) == problems
    if not problems:
        runbooks = asked(config, lambda settings: settings.runbooks)
        assert runbooks == (text or "docs/runbooks.md")


@pytest.mark.parametrize(
    ("text", "problems"),
    [
        ("", []),
        ("null", []),
        ("{}", []),
        ("web", [("ecs", '"web"', "write a mapping of keys to values")]),
        ("[1]", [("ecs", "[1]", "write a mapping of keys to values")]),
    ],
)
def test_a_section_that_is_a_mapping(text: str, problems: list[tuple[str, str, str]]) -> None:
    assert problems_of(written(ecs=text)) == problems


SECTIONS: Final = (
    "ecs, alb, rds, logs, app, health, alerts, alarms, events, dashboard, review, new_relic, "
    "tags, permissions_boundary, runbooks"
)


def test_sections_that_are_none() -> None:
    assert problems_of(written(esc="{}", q="1")) == [
        ("esc", "", f'unknown section "esc"; did you mean "ecs"? write one of: {SECTIONS}'),
        ("q", "", f'unknown section "q"; write one of: {SECTIONS}'),
    ]


@pytest.mark.parametrize(
    ("values", "section"),
    [
        ({"django-ecs-monitorin__ecs": "{}"}, "ecs"),
        ({"django-ecs-monitorin__ecs.web": "x"}, "ecs.web"),
        # A section of nobody's, and another program's namespace.
        ({"django-ecs-monitorin__esc": "{}"}, ""),
        ({"aws__tags": "{}"}, ""),
    ],
)
def test_a_namespace_that_is_nearly_the_projects(values: dict[str, str], section: str) -> None:
    key = next(iter(values)).replace("__", ":")
    assert problems_of(written(**values)) == (
        [
            (
                section,
                "",
                f"is written as {key}, which nothing reads: write {PROJECT}:{section}",
            )
        ]
        if section
        else []
    )


TARGETS: Final = (
    "cluster, service, container_insights, min_running_tasks, minimum_healthy_percent, off_hours"
)


@pytest.mark.parametrize(
    ("settings", "path", "fix"),
    [
        (
            {"ecs": {"web": {**WEB, "servce": 1}}},
            "ecs.web.servce",
            f'unknown key "servce"; did you mean "service"? write one of: {TARGETS}',
        ),
        # Below what may be left out.
        (
            {"ecs": {"web": {**WEB, "off_hours": {"stp": 1, **dict.fromkeys(("stop", "start"))}}}},
            "ecs.web.off_hours.stp",
            'unknown key "stp"; did you mean "stop"? write one of: stop, start, timezone',
        ),
        # In a mapping of a severity to a list.
        (
            {"alerts": {"slack": {"critical": [{"workspace": "T0123ABCD", "chanel": 1}]}}},
            "alerts.slack.critical[0].chanel",
            'unknown key "chanel"; did you mean "channel"? write one of: workspace, channel',
        ),
        (
            {"alarms": {"ecs.cpu-high": {"treshold": 1}}},
            'alarms["ecs.cpu-high"].treshold',
            'unknown key "treshold"; did you mean "threshold"? write one of: threshold, period, '
            "evaluation_periods, datapoints_to_alarm, treat_missing_data, recent, recent_by_hour, "
            "severity, enabled, runbook",
        ),
        (
            {"dashboard": {"enabld": True}},
            "dashboard.enabld",
            'unknown key "enabld"; did you mean "enabled"? write one of: enabled',
        ),
        (
            {"new_relic": {"datacentre": "us"}},
            "new_relic.datacentre",
            'unknown key "datacentre"; did you mean "datacenter"? write one of: datacenter, '
            "license_key",
        ),
    ],
)
def test_an_unknown_key_is_answered_with_those_beside_it(
    settings: dict[str, Any], path: str, fix: str
) -> None:
    found = {where: said for where, _, said in problems_of(stack_config(settings))}
    assert found[path] == fix


def test_what_is_valid_beside_a_mistake_is_checked_further() -> None:
    """One run shows every mistake; what is wrong by itself is in nobody's way."""
    config = stack_config(
        {
            "ecs": {"web": {**WEB, "min_running_tasks": -1}, "api": WEB, "x--y": WEB},
            "alarms": {"ecs.cpu-high": {"threshold": 101}, "ecs.memory-high": {"period": "x"}},
            "alerts": {"emails": {"critical": ["a"]}, "topic_name": "a b"},
            "tags": {"a?": "b"},
        }
    )
    assert [path for path, *_ in problems_of(config)] == [
        "ecs.web.min_running_tasks",
        "ecs.x--y",
        "alerts.emails.critical[0]",
        "alerts.topic_name",
        'alarms["ecs.memory-high"].period',
        'tags["a?"]',
        'alarms["ecs.cpu-high"].threshold',
    ]


def test_a_section_that_lacks_a_field_is_none_without_its_others() -> None:
    """What a stream to New Relic has to have is missing; nothing else is said of it."""
    assert problems_of(stack_config({"new_relic": {"datacenter": "us"}})) == [
        ("new_relic.license_key", "", "is missing: write license_key: <value>")
    ]


KEY: Final = "0123456789abcdef0123456789abcdef0123NRAL"


def test_a_secret_in_plain_text_and_one_that_could_not_stay_one() -> None:
    stream = {"datacenter": "us", "license_key": KEY}
    config = stack_config({"new_relic": stream, "ecs": {"web": WEB}})
    plain = (
        "new_relic.license_key",
        "[secret]",
        "stands in plain text: write it with pulumi config set --secret --path "
        f"'{PROJECT}:new_relic.license_key'",
    )
    assert problems_of(config) == [plain]
    assert problems_of(with_secret(config, "new_relic")) == []
    opened = (
        "ecs",
        "[secret]",
        "is, or holds, a secret, and its values become names, dimensions and links that everybody "
        "reads: write each in plain text, with pulumi config set --plaintext --path "
        f"'{PROJECT}:ecs…'",
    )
    assert problems_of(with_secret(config, "ecs")) == [plain, opened]


def test_incidents_are_checked_once_all_else_is_right() -> None:
    """A circle, and an override that is none: the second is said first, and alone."""
    settings = {
        "ecs": {"web": WEB, "api": WEB | {"service": "api"}},
        "alerts": {
            "paging": "incident",
            "depends_on": {"ecs.web": ["ecs.api"], "ecs.api": ["ecs.web"]},
        },
    }
    wrong = {**settings, "alarms": {"ecs.cpu-hgh": {"threshold": 1}}}
    assert [path for path, *_ in problems_of(stack_config(wrong))] == ['alarms["ecs.cpu-hgh"]']
    assert [path for path, *_ in problems_of(stack_config(settings))] == ["alerts.depends_on"]
