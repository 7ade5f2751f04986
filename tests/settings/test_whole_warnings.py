"""All that small settings are warned of, whole, and that others are not; routes to nobody, too."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

import pytest

from settings import warnings
from tests.settings.refusal import asked, aws_config, problems_of, warnings_of, with_secret

WEB: Final = {"cluster": "shop", "service": "checkout"}
BALANCER: Final = {
    "load_balancer": "app/shop/0123456789abcdef",
    "target_groups": {"web": "targetgroup/web/0123456789abcdef"},
}
HOME: Final = {"region": "ap-northeast-1"}
MAILS: Final = {"emails": {"critical": ["a@shop.jp"], "warning": ["c@shop.jp"]}}
# Nothing to be warned of.
SETTINGS: Final[Mapping[str, Any]] = {
    "ecs": {"web": WEB},
    "alerts": MAILS,
    "runbooks": "https://wiki.shop.jp/runbooks",
}
PROJECT: Final = "django-ecs-monitoring"
LOCAL: Final = "http://localhost/review"
OWN_MACHINE: Final = (
    f"{LOCAL} is the machine of whoever opens it: write the address of a page that everybody who "
    "is told can open"
)


def nobody(severity: str, more: str = "") -> str:
    where = f"{PROJECT}:alerts.emails.{severity}"
    return f"nobody is notified of {severity} alarms{more}: add an address to {where}"


WARNED: Final[dict[str, tuple[dict[str, Any], list[str]]]] = {
    "nothing": ({}, []),
    "no target": (
        {"ecs": {}, "runbooks": "docs/runbooks.md"},
        [
            "the stack watches nothing: add a target to one of "
            + ", ".join(f"{PROJECT}:{s}" for s in ("ecs", "alb", "rds", "logs", "app", "health"))
        ],
    ),
    "a page that nobody can open": (
        {"runbooks": "docs/runbooks.md"},
        [
            "alarms name docs/runbooks.md as their runbook, which nobody can open from a mail: "
            f"write the page's https URL in {PROJECT}:runbooks"
        ],
    ),
    "a last year": (
        {"review": {"reminder": True, "schedule": "cron(0 9 1 1 ? 2020)"}},
        [
            f"{PROJECT}:review.schedule: cron(0 9 1 1 ? 2020) is over and reminds nobody any "
            "more: write a year to come, or * for every year"
        ],
    ),
    "a last year of no reminder": (
        {"review": {"reminder": False, "schedule": "cron(0 9 1 1 ? 2020)"}},
        [],
    ),
    "one's own machine": (
        {"review": {"reminder": True, "link": LOCAL}},
        [f"{PROJECT}:review.link: {OWN_MACHINE}"],
    ),
    "one's own machine, of no reminder": ({"review": {"reminder": False, "link": LOCAL}}, []),
    "one's own machine, of an alarm": (
        {"alarms": {"ecs.cpu-high": {"runbook": LOCAL}}},
        [f'{PROJECT}:alarms["ecs.cpu-high"].runbook: {OWN_MACHINE}'],
    ),
    "fewer tasks than hosts": (
        {
            "ecs": {"web": {**WEB, "min_running_tasks": 1}},
            "alb": {"main": BALANCER},
            "alarms": {"alb.no-healthy-hosts": {"threshold": 3}},
        },
        [
            "alarm alb.no-healthy-hosts@main/web fires below 3 healthy hosts, and "
            f"{PROJECT}:ecs.web is content with 1 task (min_running_tasks): write a threshold of "
            "1 or less, or raise min_running_tasks"
        ],
    ),
    "as many tasks as hosts": (
        {
            "ecs": {"web": {**WEB, "min_running_tasks": 3}},
            "alb": {"main": BALANCER},
            "alarms": {"alb.no-healthy-hosts": {"threshold": 3}},
        },
        [],
    ),
    # A service that may run none at night says nothing of its hosts.
    "no tasks": (
        {
            "ecs": {"web": {**WEB, "min_running_tasks": 0}},
            "alb": {"main": BALANCER},
            "alarms": {"alb.no-healthy-hosts": {"threshold": 3}},
        },
        [],
    ),
    "dependencies of no incident": (
        {"alerts": {**MAILS, "depends_on": {"ecs.web": []}}},
        [
            f"{PROJECT}:alerts.depends_on changes nothing while every critical alarm pages: write "
            f"{PROJECT}:alerts.paging: incident"
        ],
    ),
    "dependencies of incidents": (
        {"alerts": {**MAILS, "depends_on": {"ecs.web": []}, "paging": "incident"}},
        [],
    ),
    "another unit": (
        {"alarms": {"ecs.cpu-high": {"threshold": 0.9}}},
        [
            f'{PROJECT}:alarms["ecs.cpu-high"].threshold: 0.9: alarm ecs.cpu-high@web: the '
            "threshold is less than one percent; the rule is in percent: if a share of 1 is "
            "meant, write 90"
        ],
    ),
    "nobody": ({"alerts": {}}, [nobody("critical"), nobody("warning")]),
    "nobody who is reminded": (
        {"alerts": {}, "review": {"reminder": True}},
        [nobody("critical"), nobody("warning", ", nor of the reminder to review them")],
    ),
    "placeholders, and a team that is told of no critical alarm": (
        {
            "alerts": {
                "emails": {"critical": ["a@example.com"], "warning": ["a@shop.jp"]},
                "routes": {
                    "web": {
                        "alarms": ["ecs.cpu-high"],
                        "emails": {"critical": ["x@shop.jp"], "warning": ["y@Example.org"]},
                    }
                },
            }
        },
        [
            "a@example.com is a placeholder and gets no notifications: change it in "
            f"{PROJECT}:alerts.emails.critical",
            "team web has addresses for critical alarms, and none of its alarms and events is "
            f"critical: see {PROJECT}:alerts.routes.web",
            "y@Example.org is a placeholder and gets no notifications: change it in "
            f"{PROJECT}:alerts.routes.web.emails.warning",
        ],
    ),
}


@pytest.mark.parametrize(("changes", "warned"), WARNED.values(), ids=WARNED)
def test_what_is_warned_of(changes: dict[str, Any], warned: list[str]) -> None:
    assert warnings_of(aws_config({**SETTINGS, **changes}, HOME)) == warned


def test_a_stack_without_a_region_of_its_own() -> None:
    assert warnings_of(aws_config(SETTINGS, {})) == [
        "aws:region is not set, so that the stack goes to the region of whoever deploys it: write "
        "it, such as aws:region: ap-northeast-1"
    ]


def test_what_is_secret_is_not_in_a_warning() -> None:
    changes = {
        "alerts": {"emails": {"critical": ["a@example.com"], "warning": ["a@shop.jp"]}},
        "review": {"reminder": True, "link": LOCAL},
    }
    config = aws_config({**SETTINGS, **changes}, HOME)
    secret = with_secret(with_secret(config, "alerts"), "review")
    assert warnings_of(secret) == [
        "an address is a placeholder and gets no notifications: change it in "
        f"{PROJECT}:alerts.emails.critical"
    ]


@pytest.mark.parametrize(("target", "streams"), [({}, False), ({"web": WEB}, True)])
def test_a_stream_of_nothing(target: Any, streams: bool) -> None:
    key = "0123456789abcdef0123456789abcdef0123NRAL"
    stream = {"datacenter": "us", "license_key": key}
    config = aws_config({**SETTINGS, "ecs": target, "new_relic": stream}, HOME)
    said = asked(with_secret(config, "new_relic"), lambda settings: list(warnings(settings)))
    assert [one for one in said if "stream" in one] == (
        []
        if streams
        else [
            f"{PROJECT}:new_relic streams nothing, since the stack has no alarm: add a target, or "
            "leave the section out"
        ]
    )


def routed(**teams: Any) -> list[tuple[str, str, str]]:
    alerts = {"emails": {"warning": ["a@shop.jp"]}, "routes": teams}
    return problems_of(aws_config({**SETTINGS, "alerts": alerts}, HOME))


def test_routes_of_no_alarm_and_to_nobody() -> None:
    mail = {"emails": {"warning": ["a@shop.jp"]}}
    none = "no alarm or event of the stack is meant"
    assert routed(
        web={"alarms": ["@web"]},
        pay={"alarms": ["rds", "delivery", "incident", "@wbe", "rds@web"], **mail},
        fits={"alarms": ["ecs.deployment-failed", "ecs@*", "health"], **mail},
    ) == [
        ("alerts.routes.web", "", "tells nobody: add an address, such as emails.warning"),
        ("alerts.routes.pay.alarms[0]", '"rds"', f"{none}; write one of: ecs, health"),
        (
            "alerts.routes.pay.alarms[1]",
            '"delivery"',
            "a team is told of its own lost notifications anyway, on its other topic, beside the "
            "stack's own topics: leave it out",
        ),
        (
            "alerts.routes.pay.alarms[2]",
            '"incident"',
            "every critical alarm pages by itself, and no incident does: write "
            f"{PROJECT}:alerts.paging: incident, or a kind",
        ),
        (
            "alerts.routes.pay.alarms[3]",
            '"@wbe"',
            f'{none}; did you mean "@web"? write one of: @web, @services',
        ),
        (
            "alerts.routes.pay.alarms[4]",
            '"rds@web"',
            f'{none}; did you mean "ecs@web"? write one of: ecs@web, health@services',
        ),
    ]


def test_two_teams_of_the_same_alarms_are_told_once() -> None:
    team = {"alarms": ["ecs"], "emails": {"warning": ["a@shop.jp"]}}
    assert routed(web=team, pay=team) == [
        (
            "alerts.routes",
            "",
            "ecs.cpu-high@web belongs to web (ecs) as much as to pay (ecs): write a more exact "
            "one, such as ecs.cpu-high@web, for whoever is to be told",
        )
    ]


SLACK: Final = {"workspace": "T0123ABCD", "channel": "C0123ABCD"}


def teams_channel(letter: str) -> dict[str, str]:
    team = "01234567-89ab-cdef-0123-456789abcdef"
    return {"tenant": team, "team": team, "channel": f"19%3A{letter * 32}%40thread.tacv2"}


def chatting(region: str, **alerts: Any) -> list[tuple[str, str, str]]:
    config = aws_config({**SETTINGS, "alerts": {**MAILS, **alerts}}, {"region": region})
    return problems_of(replace(config, secret_keys=frozenset()))


def test_chat_is_in_one_partition() -> None:
    assert chatting("ap-northeast-1", slack={"critical": [SLACK]}) == []
    assert chatting("cn-north-1") == []
    fix = (
        "Amazon Q Developer in chat applications is not in the partition aws-cn: write an address "
        "in emails, or a webhook of a function of your own"
    )
    found = chatting(
        "cn-north-1",
        slack={"critical": [SLACK]},
        microsoft_teams={"critical": [teams_channel("a")]},
    )
    assert found == [("alerts.slack", "", fix), ("alerts.microsoft_teams", "", fix)]


def test_a_team_of_microsofts_has_one_channel() -> None:
    first, second = teams_channel("a"), teams_channel("b")
    both = {"critical": [first], "warning": [first]}
    assert chatting("ap-northeast-1", microsoft_teams=both) == []
    found = chatting("ap-northeast-1", microsoft_teams={**both, "warning": [first, second]})
    assert found == [
        (
            "alerts.microsoft_teams.warning[1].channel",
            f'"{second["channel"]}"',
            f"is a second channel of team {first['team']}, of which the AWS provider finds only "
            f"one: write {first['channel']}, or a channel of another team",
        )
    ]
