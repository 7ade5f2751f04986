"""Topics, subscriptions and queues with their policies, from their creation to their end."""

import json
from typing import Any

import pulumi
import pulumi_aws as aws

from sandbox.outcome import ResourceAction
from tests.sandbox.handlers.conftest import Bench

_POLICY = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Sid": "Own",
            "Effect": "Allow",
            "Principal": {"Service": "cloudwatch.amazonaws.com"},
            "Action": "SNS:Publish",
            "Resource": "arn:aws:sns:ap-northeast-1:123456789012:alerts",
        }
    ],
}


def _topic(**changes: Any) -> aws.sns.Topic:
    return aws.sns.Topic("topic", **{"name": "alerts", "tags": {"Team": "web"}, **changes})


def _topics(bench: Bench) -> list[str]:
    return [topic["TopicArn"] for topic in bench.client("sns").list_topics()["Topics"]]


def test_a_topic_is_created_changed_renamed_and_deleted(bench: Bench) -> None:
    sns = bench.client("sns")
    assert bench.done(lambda: _topic(kms_master_key_id="alias/one")) == [
        (ResourceAction.CREATE, ())
    ]
    (arn,) = _topics(bench)
    attributes = sns.get_topic_attributes(TopicArn=arn)["Attributes"]
    assert attributes["KmsMasterKeyId"] == "alias/one"
    assert sns.list_tags_for_resource(ResourceArn=arn)["Tags"] == [{"Key": "Team", "Value": "web"}]
    assert bench.refreshed() == [ResourceAction.SAME]
    assert bench.done(lambda: _topic(kms_master_key_id="alias/two", tags={"Team": "api"})) == [
        (ResourceAction.UPDATE, ("kmsMasterKeyId", "tags.Team", "tagsAll.Team"))
    ]
    assert sns.get_topic_attributes(TopicArn=arn)["Attributes"]["KmsMasterKeyId"] == "alias/two"
    assert bench.done(lambda: _topic(tags={"Team": "api"})) == [
        (ResourceAction.UPDATE, ("kmsMasterKeyId",))
    ]
    assert bench.refreshed() == [ResourceAction.SAME]
    assert bench.done(lambda: _topic(name="other", tags={"Team": "api"})) == [
        (ResourceAction.REPLACE, ("name",))
    ]
    assert _topics(bench) == ["arn:aws:sns:ap-northeast-1:123456789012:other"]
    assert bench.done(lambda: None) == [(ResourceAction.DELETE, ())]
    assert not _topics(bench)


def test_a_topics_policy_is_set_changed_and_taken_back(bench: Bench) -> None:
    def program(policy: dict[str, Any] | None) -> None:
        topic = _topic()
        if policy:
            aws.sns.TopicPolicy("policy", arn=topic.arn, policy=json.dumps(policy, indent=1))

    def live() -> dict[str, Any]:
        attributes = bench.client("sns").get_topic_attributes(TopicArn=_topics(bench)[0])
        return dict(json.loads(attributes["Attributes"]["Policy"]))

    bench.deploy(lambda: program(_POLICY))
    assert live() == _POLICY
    assert bench.refreshed() == [ResourceAction.SAME, ResourceAction.SAME]
    changed = {**_POLICY, "Id": "own"}
    assert bench.done(lambda: program(changed)) == [(ResourceAction.UPDATE, ("policy",))]
    assert live() == changed
    assert bench.done(lambda: program(None)) == [(ResourceAction.DELETE, ())]
    assert live()["Id"] == "__default_policy_ID"


def test_subscriptions_are_made_changed_replaced_and_cancelled(bench: Bench) -> None:
    sns = bench.client("sns")

    def program(endpoint: str = "a@example.com", **changes: Any) -> None:
        topic = _topic()
        aws.sns.TopicSubscription(
            "subscription", topic=topic.arn, protocol="email", endpoint=endpoint, **changes
        )

    def found() -> list[dict[str, str]]:
        return [
            sns.get_subscription_attributes(SubscriptionArn=s["SubscriptionArn"])["Attributes"]
            for s in sns.list_subscriptions()["Subscriptions"]
        ]

    redrive = json.dumps({"deadLetterTargetArn": "arn:aws:sqs:ap-northeast-1:123456789012:dead"})
    bench.deploy(lambda: program(redrive_policy=redrive))
    (there,) = found()
    assert (there["Protocol"], there["Endpoint"]) == ("email", "a@example.com")
    assert json.loads(there["RedrivePolicy"]) == json.loads(redrive)
    assert bench.refreshed() == [ResourceAction.SAME, ResourceAction.SAME]
    assert bench.done(program) == [(ResourceAction.UPDATE, ("redrivePolicy",))]
    assert bench.refreshed() == [ResourceAction.SAME, ResourceAction.SAME]
    assert bench.done(lambda: program(raw_message_delivery=True)) == [
        (ResourceAction.UPDATE, ("rawMessageDelivery",))
    ]
    assert found()[0]["RawMessageDelivery"] == "true"
    filtered: dict[str, Any] = {
        "raw_message_delivery": True,
        "filter_policy": json.dumps({"kind": ["alarm"]}),
    }
    assert bench.done(lambda: program(**filtered)) == [(ResourceAction.UPDATE, ("filterPolicy",))]
    assert json.loads(found()[0]["FilterPolicy"]) == {"kind": ["alarm"]}
    assert bench.done(lambda: program("b@example.com", **filtered)) == [
        (ResourceAction.REPLACE, ("endpoint",))
    ]
    assert [attributes["Endpoint"] for attributes in found()] == ["b@example.com"]
    bench.deploy(_topic)
    assert not found()


def _queue(**changes: Any) -> aws.sqs.Queue:
    arguments = {"name": "dead", "message_retention_seconds": 1_209_600, "tags": {"Team": "web"}}
    return aws.sqs.Queue("queue", **{**arguments, **changes})


def _attributes(bench: Bench) -> dict[str, str]:
    sqs = bench.client("sqs")
    (url,) = sqs.list_queues().get("QueueUrls", [])
    return dict(sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"])


def test_a_queue_is_created_changed_renamed_and_deleted(bench: Bench) -> None:
    assert bench.done(lambda: _queue(sqs_managed_sse_enabled=True)) == [(ResourceAction.CREATE, ())]
    there = _attributes(bench)
    assert there["MessageRetentionPeriod"] == "1209600"
    assert there["SqsManagedSseEnabled"] == "true"
    assert there["MaximumMessageSize"] == "262144"
    assert bench.refreshed() == [ResourceAction.SAME]
    assert bench.done(lambda: _queue(message_retention_seconds=60)) == [
        (ResourceAction.UPDATE, ("messageRetentionSeconds",))
    ]
    assert bench.done(lambda: _queue(message_retention_seconds=None, tags={"Team": "api"})) == [
        (ResourceAction.UPDATE, ("messageRetentionSeconds", "tags.Team", "tagsAll.Team"))
    ]
    assert _attributes(bench)["MessageRetentionPeriod"] == "345600"
    assert bench.refreshed() == [ResourceAction.SAME]
    renamed = bench.done(lambda: _queue(name="other", tags={"Team": "api"}))
    assert renamed == [(ResourceAction.REPLACE, ("messageRetentionSeconds", "name"))]
    assert _attributes(bench)["QueueArn"].endswith(":other")
    assert bench.done(lambda: None) == [(ResourceAction.DELETE, ())]
    assert not bench.client("sqs").list_queues().get("QueueUrls")


def test_a_queues_policy_is_set_changed_and_taken_away(bench: Bench) -> None:
    def program(policy: dict[str, Any] | None) -> None:
        queue = _queue()
        if policy:
            aws.sqs.QueuePolicy("policy", queue_url=queue.url, policy=json.dumps(policy))

    statement = {**_POLICY["Statement"][0], "Action": "sqs:SendMessage"}  # type: ignore[dict-item]
    policy = {"Version": "2012-10-17", "Statement": [statement]}
    bench.deploy(lambda: program(policy))
    assert json.loads(_attributes(bench)["Policy"]) == policy
    assert bench.refreshed() == [ResourceAction.SAME, ResourceAction.SAME]
    changed = {**policy, "Id": "own"}
    assert bench.done(lambda: program(changed)) == [(ResourceAction.UPDATE, ("policy",))]
    assert json.loads(_attributes(bench)["Policy"]) == changed
    assert bench.done(lambda: program(None)) == [(ResourceAction.DELETE, ())]
    assert not _attributes(bench).get("Policy")


def test_a_notification_reaches_a_queue_and_never_the_internet(bench: Bench) -> None:
    def program() -> None:
        topic, queue = _topic(), _queue()
        pulumi.export("topic", topic.arn)
        endpoints: dict[str, Any] = {
            "sqs": queue.arn,
            "https": "https://unreachable.invalid/",
            "email": "a@b.c",
        }
        for protocol, endpoint in endpoints.items():
            aws.sns.TopicSubscription(
                protocol, topic=topic.arn, protocol=protocol, endpoint=endpoint
            )

    arn = bench.deploy(program).exports["topic"]
    bench.client("sns").publish(TopicArn=arn, Subject="ALARM", Message="cpu")
    sqs = bench.client("sqs")
    (url,) = sqs.list_queues()["QueueUrls"]
    (message,) = sqs.receive_message(QueueUrl=url)["Messages"]
    assert json.loads(message["Body"])["Message"] == "cpu"
