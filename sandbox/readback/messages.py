"""Compares what carries notifications with what the API returns."""

import json
from collections.abc import Mapping
from typing import Any, Final

from sandbox.readback.account_reader import AccountReader, Compare, Compared, nothing
from sandbox.tags import CHATBOT, KMS, SNS, SQS


def _topic(account: AccountReader, inputs: Mapping[str, Any]) -> Compared:
    sns = account.client("sns", inputs)
    pages = sns.get_paginator("list_topics").paginate()
    arns = [topic["TopicArn"] for page in pages for topic in page["Topics"]]
    named = [arn for arn in arns if arn.rpartition(":")[2] == inputs["name"]]
    (arn,) = named or nothing("topic", inputs["name"])
    attributes = sns.get_topic_attributes(TopicArn=arn)["Attributes"]
    key = inputs.get("kmsMasterKeyId")
    return {"kmsMasterKeyId": key}, {
        "kmsMasterKeyId": attributes.get("KmsMasterKeyId") or None,
        "tags": SNS.of(sns, arn),
    }


def _topic_policy(account: AccountReader, inputs: Mapping[str, Any]) -> Compared:
    attributes = account.client("sns", inputs).get_topic_attributes(TopicArn=inputs["arn"])
    policy = json.loads(attributes["Attributes"]["Policy"])
    return {"policy": json.loads(inputs["policy"])}, {"policy": policy}


def _subscription(account: AccountReader, inputs: Mapping[str, Any]) -> Compared:
    sns = account.client("sns", inputs)
    pages = sns.get_paginator("list_subscriptions_by_topic").paginate(TopicArn=inputs["topic"])
    subscriptions = [
        subscription
        for page in pages
        for subscription in page["Subscriptions"]
        if subscription["Protocol"] == inputs["protocol"]
        and subscription["Endpoint"] == inputs["endpoint"]
    ]
    (live,) = subscriptions or nothing("subscription", inputs["protocol"])
    arn = live["SubscriptionArn"]
    attributes = sns.get_subscription_attributes(SubscriptionArn=arn)["Attributes"]
    redrive = json.loads(attributes.get("RedrivePolicy", "null"))
    return {"redrivePolicy": json.loads(inputs["redrivePolicy"])}, {"redrivePolicy": redrive}


def _queue(account: AccountReader, inputs: Mapping[str, Any]) -> Compared:
    sqs = account.client("sqs", inputs)
    url = sqs.get_queue_url(QueueName=inputs["name"])["QueueUrl"]
    attributes = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
    registered = {"messageRetentionSeconds": int(inputs["messageRetentionSeconds"])}
    return registered, {
        "messageRetentionSeconds": int(attributes["MessageRetentionPeriod"]),
        "tags": SQS.of(sqs, url),
    }


def _queue_policy(account: AccountReader, inputs: Mapping[str, Any]) -> Compared:
    attributes = account.client("sqs", inputs).get_queue_attributes(
        QueueUrl=inputs["queueUrl"], AttributeNames=["Policy"]
    )["Attributes"]
    return {"policy": json.loads(inputs["policy"])}, {"policy": json.loads(attributes["Policy"])}


def _key(account: AccountReader, inputs: Mapping[str, Any]) -> Compared:
    kms = account.client("kms", inputs)
    keys = [
        key["KeyId"] for page in kms.get_paginator("list_keys").paginate() for key in page["Keys"]
    ]
    described = (kms.describe_key(KeyId=key)["KeyMetadata"] for key in keys)
    named = [k["KeyId"] for k in described if k["Description"] == inputs["description"]]
    (key,) = named or nothing("key", inputs["description"])
    policy = json.loads(kms.get_key_policy(KeyId=key, PolicyName="default")["Policy"])
    rotates = kms.get_key_rotation_status(KeyId=key)["KeyRotationEnabled"]
    registered = {"policy": json.loads(inputs["policy"]), "rotation": inputs["enableKeyRotation"]}
    return registered, {"policy": policy, "rotation": rotates, "tags": KMS.of(kms, key)}


def _alias(account: AccountReader, inputs: Mapping[str, Any]) -> Compared:
    kms = account.client("kms", inputs)
    pages = kms.get_paginator("list_aliases").paginate()
    aliases = {a["AliasName"]: a.get("TargetKeyId") for page in pages for a in page["Aliases"]}
    if inputs["name"] not in aliases:
        nothing("alias", inputs["name"])
    key = aliases[inputs["name"]]
    return {"targetKeyId": inputs["targetKeyId"]}, {"targetKeyId": key}


def _channel(account: AccountReader, inputs: Mapping[str, Any]) -> Compared:
    chatbot = account.client("chatbot", inputs)
    channels = [
        *chatbot.describe_slack_channel_configurations()["SlackChannelConfigurations"],
        *chatbot.list_microsoft_teams_channel_configurations()["TeamChannelConfigurations"],
    ]
    name = inputs["configurationName"]
    named = [channel for channel in channels if channel["ConfigurationName"] == name]
    (live,) = named or nothing("chat channel", name)
    registered = {
        name: inputs[name]
        for name in ("guardrailPolicyArns", "iamRoleArn", *_CHANNEL_IDS)
        if name in inputs
    }
    return {**registered, "snsTopicArns": sorted(inputs["snsTopicArns"])}, {
        **{name: live[f"{name[0].upper()}{name[1:]}"] for name in registered},
        "snsTopicArns": sorted(live["SnsTopicArns"]),
        "tags": CHATBOT.of(chatbot, live["ChatConfigurationArn"]),
    }


_CHANNEL_IDS: Final = ("slackTeamId", "slackChannelId", "tenantId", "teamId", "channelId")


COMPARE: Final[Mapping[str, Compare]] = {
    "aws:chatbot/slackChannelConfiguration:SlackChannelConfiguration": _channel,
    "aws:chatbot/teamsChannelConfiguration:TeamsChannelConfiguration": _channel,
    "aws:kms/alias:Alias": _alias,
    "aws:kms/key:Key": _key,
    "aws:sns/topic:Topic": _topic,
    "aws:sns/topicPolicy:TopicPolicy": _topic_policy,
    "aws:sns/topicSubscription:TopicSubscription": _subscription,
    "aws:sqs/queue:Queue": _queue,
    "aws:sqs/queuePolicy:QueuePolicy": _queue_policy,
}
"""How resources of each type are compared."""
