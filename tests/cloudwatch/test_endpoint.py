"""What receives a severity's notifications."""

from ecs_monitoring.cloudwatch.endpoint import Endpoint, EndpointKind, endpoints
from ecs_monitoring.cloudwatch.rule import Severity

QUEUE = "arn:aws:sqs:eu-west-1:123456789012:alarms"
TOPIC = "arn:aws:sns:eu-west-1:123456789012:pager"


def test_every_kind_is_among_a_severitys_endpoints() -> None:
    found = endpoints(
        Severity.CRITICAL,
        emails={Severity.CRITICAL: ["a@shop.jp"], Severity.WARNING: ["b@shop.jp"]},
        webhooks={Severity.CRITICAL: {"pager": "https://hooks.shop.jp/1"}},
        queues={Severity.CRITICAL: [QUEUE]},
        topics={Severity.CRITICAL: [TOPIC]},
    )
    assert {(one.kind, one.name, one.address) for one in found} == {
        (EndpointKind.EMAIL, "a@shop.jp", "a@shop.jp"),
        (EndpointKind.WEBHOOK, "pager", "https://hooks.shop.jp/1"),
        (EndpointKind.QUEUE, QUEUE, QUEUE),
        (EndpointKind.TOPIC, TOPIC, TOPIC),
    }
    assert {one.severity for one in found} == {Severity.CRITICAL}


def test_a_severity_without_endpoints_has_none() -> None:
    assert endpoints("warning", emails={"critical": ["a@shop.jp"]}) == ()


def test_an_address_that_is_not_known_yet_is_named_by_its_place() -> None:
    unknown = object()
    (known, later) = endpoints("warning", emails={"warning": ["a@shop.jp", unknown]})
    assert known.name == "a@shop.jp"
    assert later == Endpoint(
        kind=EndpointKind.EMAIL, severity=Severity.WARNING, name="2", address=unknown
    )


def test_protocols_are_those_of_sns() -> None:
    # https://docs.aws.amazon.com/sns/latest/api/API_Subscribe.html
    assert {kind: kind.protocol for kind in EndpointKind} == {
        "email": "email",
        "webhook": "https",
        "queue": "sqs",
        "topic": "",
        "slack": "",
        "teams": "",
    }
