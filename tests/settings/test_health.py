"""Health checks that check nothing, or that Route 53 would refuse."""

import json
from typing import Any

import pytest

from stack.program import ProgramRun, run_program
from tests.components.registered import ALARM, HEALTH_CHECK, only
from tests.settings.refusal import ANY, Mistake, mistakes, run_changed, stack_config

SUFFIX = "targetgroup/django-tg/0123456789abcdef"
GROUP = f"arn:aws:elasticloadbalancing:ap-northeast-1:123456789012:{SUFFIX}"
URL = "write https://<host>/<path>"
PARTS = "write scheme, host, port and path alone"


def site(**fields: Any) -> str:
    return f"health={json.dumps({'site': fields})}"


@mistakes(
    {
        "nothing": Mistake(site(), "health.site", {}, "write a url, or a target_group with verify"),
        "a target group that nobody looks at": Mistake(
            site(target_group=GROUP), "health.site", ANY, "write a url, or a target_group"
        ),
        "nothing to verify": Mistake(
            site(verify=True), "health.site", {"verify": True}, "write its ARN in target_group"
        ),
        "a suffix to verify": Mistake(
            site(verify=True, target_group=SUFFIX),
            "health.site.target_group",
            SUFFIX,
            "write arn:aws:elasticloadbalancing:<region>:<account>:targetgroup/<name>/<id>",
        ),
        "a load balancer to verify": Mistake(
            site(verify=True, target_group=GROUP.replace("targetgroup/", "loadbalancer/app/")),
            "health.site.target_group",
            ANY,
            "write arn:aws:elasticloadbalancing:<region>:<account>:targetgroup/<name>/<id>",
        ),
        "half an ARN to verify": Mistake(
            site(verify=True, target_group=GROUP.rpartition("/")[0]),
            "health.site.target_group",
            ANY,
            "write arn:aws:elasticloadbalancing:<region>:<account>:targetgroup/<name>/<id>",
        ),
        "no scheme": Mistake(
            site(url="www.example.com"), "health.site.url", "www.example.com", URL
        ),
        "other scheme": Mistake(site(url="ftp://www.example.com/"), "health.site.url", ANY, URL),
        "no host": Mistake(site(url="https:///health/"), "health.site.url", ANY, URL),
        "host with a blank": Mistake(
            site(url="https://www example.com/"), "health.site.url", ANY, URL
        ),
        "half an address": Mistake(site(url="https://[2001"), "health.site.url", ANY, URL),
        "no address": Mistake(site(url="https://[site]/"), "health.site.url", ANY, URL),
        "no port": Mistake(site(url="https://www.example.com:0/"), "health.site.url", ANY, URL),
        "no such port": Mistake(
            site(url="https://www.example.com:65536/"), "health.site.url", ANY, URL
        ),
        "query": Mistake(
            site(url="https://www.example.com/health/?full=1"), "health.site.url", ANY, PARTS
        ),
        "fragment": Mistake(
            site(url="https://www.example.com/health/#top"), "health.site.url", ANY, PARTS
        ),
        "password": Mistake(
            site(url="https://user:word@www.example.com/"), "health.site.url", ANY, PARTS
        ),
        # Route 53 takes 255 characters of each:
        # https://docs.aws.amazon.com/Route53/latest/APIReference/API_HealthCheckConfig.html
        "long path": Mistake(
            site(url=f"https://www.example.com/{'p' * 255}"), "health.site.url", ANY, "255"
        ),
        "long host": Mistake(
            site(url=f"https://{'h.' * 126}example.com/"), "health.site.url", ANY, "255"
        ),
    }
)
def test_a_health_check_that_cannot_work_is_refused(mistake: Mistake) -> None:
    mistake.check()


@pytest.mark.slow
@pytest.mark.parametrize(
    ("url", "asked"),
    [
        (
            "https://www.example.com/health/",
            {"type": "HTTPS", "fqdn": "www.example.com", "port": 443, "resourcePath": "/health/"},
        ),
        (
            "http://www.example.com:8080",
            {"type": "HTTP", "fqdn": "www.example.com", "port": 8080, "resourcePath": "/"},
        ),
    ],
)
def test_a_url_becomes_an_outside_check(url: str, asked: dict[str, Any]) -> None:
    check = only(run_changed(site(url=url)).of_type(HEALTH_CHECK))
    assert {name: check.inputs[name] for name in asked} == asked


@pytest.mark.slow
def test_a_field_without_a_value_is_a_field_left_out() -> None:
    run = run_changed(site(url="https://www.example.com/", target_group=None))
    assert len(run.of_type(HEALTH_CHECK)) == 1


def test_a_check_of_a_target_group_alone_has_no_alarm() -> None:
    run = run_program(stack_config({"health": {"group": {"target_group": GROUP, "verify": True}}}))
    assert run.of_type(ALARM) == []
    assert run.exports["alarms"] == {}


def topics_by_region(run: ProgramRun) -> list[tuple[str, str]]:
    return [
        (topic.inputs["name"], topic.inputs.get("region", "us-east-1"))
        for topic in run.of_type("aws:sns/topic:Topic")
    ]


def test_a_stack_in_the_outside_checks_own_region_makes_no_topic_twice() -> None:
    settings = {
        "ecs": {"web": {"cluster": "c", "service": "s"}},
        "health": {"site": {"url": "https://www.example.com/"}},
    }
    topics = topics_by_region(run_program(stack_config(settings, region="us-east-1")))
    assert len(set(topics)) == len(topics)
