"""KMS keys, their aliases and Route 53 health checks, from their creation to their end."""

import json
from typing import Any

import pulumi
import pulumi_aws as aws
import pytest

from sandbox.outcome import DeploymentError, ResourceAction
from tests.sandbox.handlers.conftest import Bench

_POLICY = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Sid": "Owner",
                "Effect": "Allow",
                "Principal": {"AWS": "arn:aws:iam::123456789012:root"},
                "Action": "kms:*",
                "Resource": "*",
            }
        ],
    }
)


def _key(**changes: Any) -> aws.kms.Key:
    arguments = {
        "description": "alerts",
        "enable_key_rotation": True,
        "policy": _POLICY,
        "tags": {"Team": "web"},
    }
    return aws.kms.Key("key", **{**arguments, **changes})


def test_a_key_is_created_changed_and_scheduled_for_deletion(bench: Bench) -> None:
    kms = bench.client("kms")
    assert bench.done(_key) == [(ResourceAction.CREATE, ())]
    (key,) = kms.list_keys()["Keys"]
    id_ = key["KeyId"]
    assert kms.describe_key(KeyId=id_)["KeyMetadata"]["Description"] == "alerts"
    assert kms.get_key_rotation_status(KeyId=id_)["KeyRotationEnabled"]
    policy = kms.get_key_policy(KeyId=id_, PolicyName="default")["Policy"]
    assert json.loads(policy) == json.loads(_POLICY)
    assert kms.list_resource_tags(KeyId=id_)["Tags"] == [{"TagKey": "Team", "TagValue": "web"}]
    assert bench.refreshed() == [ResourceAction.SAME]
    changes = {"description": "more", "enable_key_rotation": None, "tags": {"Owner": "ops"}}
    assert bench.done(lambda: _key(**changes)) == [
        (
            ResourceAction.UPDATE,
            (
                "description",
                "enableKeyRotation",
                "tags.Owner",
                "tags.Team",
                "tagsAll.Owner",
                "tagsAll.Team",
            ),
        )
    ]
    assert not kms.get_key_rotation_status(KeyId=id_)["KeyRotationEnabled"]
    assert bench.refreshed() == [ResourceAction.SAME]
    assert bench.done(lambda: _key(**changes, deletion_window_in_days=7)) == [
        (ResourceAction.UPDATE, ("deletionWindowInDays",))
    ]
    assert bench.done(lambda: None) == [(ResourceAction.DELETE, ())]
    assert kms.describe_key(KeyId=id_)["KeyMetadata"]["KeyState"] == "PendingDeletion"


def test_a_key_that_waits_for_its_deletion_is_gone(bench: Bench) -> None:
    bench.deploy(_key)
    kms = bench.client("kms")
    kms.schedule_key_deletion(KeyId=kms.list_keys()["Keys"][0]["KeyId"])
    assert bench.refreshed() == [ResourceAction.DELETE]


def test_an_alias_is_created_pointed_elsewhere_renamed_and_deleted(bench: Bench) -> None:
    def program(name: str = "alias/alerts", target: str = "one") -> None:
        keys = {key: aws.kms.Key(key) for key in ("one", "two")}
        alias = aws.kms.Alias("alias", name=name, target_key_id=keys[target].key_id)
        pulumi.export("matches", alias.target_key_arn)
        pulumi.export("target", keys[target].arn)

    def names() -> list[str]:
        aliases = bench.client("kms").list_aliases()["Aliases"]
        return [a["AliasName"] for a in aliases if not a["AliasName"].startswith("alias/aws/")]

    exports = bench.deploy(program).exports
    assert names() == ["alias/alerts"]
    assert exports["matches"] == exports["target"]
    assert set(bench.refreshed()) == {ResourceAction.SAME}
    assert bench.done(lambda: program(target="two")) == [(ResourceAction.UPDATE, ("targetKeyId",))]
    assert bench.done(lambda: program("alias/other", "two")) == [
        (ResourceAction.REPLACE, ("name",))
    ]
    assert names() == ["alias/other"]
    bench.deploy(lambda: None)
    assert names() == []


def test_an_alias_of_somebody_elses_is_not_taken_over(bench: Bench) -> None:
    kms = bench.client("kms")
    key = kms.create_key()["KeyMetadata"]["KeyId"]
    kms.create_alias(AliasName="alias/alerts", TargetKeyId=key)
    with pytest.raises(DeploymentError, match="already exists"):
        bench.deploy(lambda: aws.kms.Alias("alias", name="alias/alerts", target_key_id=key))


def _check(**changes: Any) -> aws.route53.HealthCheck:
    arguments = {
        "type": "HTTPS",
        "fqdn": "www.example.com",
        "port": 443,
        "resource_path": "/health/",
        "failure_threshold": 3,
        "request_interval": 30,
        "tags": {"Name": "site"},
    }
    return aws.route53.HealthCheck("check", **{**arguments, **changes})


def test_a_health_check_is_created_changed_replaced_and_deleted(bench: Bench) -> None:
    route53 = bench.client("route53", "us-east-1")

    def checks() -> list[dict[str, Any]]:
        return list(route53.list_health_checks()["HealthChecks"])

    assert bench.done(_check) == [(ResourceAction.CREATE, ())]
    (there,) = checks()
    config = there["HealthCheckConfig"]
    assert (config["Type"], config["Port"], config["ResourcePath"]) == ("HTTPS", 443, "/health/")
    tags = route53.list_tags_for_resource(ResourceType="healthcheck", ResourceId=there["Id"])
    assert tags["ResourceTagSet"]["Tags"] == [{"Key": "Name", "Value": "site"}]
    assert bench.refreshed() == [ResourceAction.SAME]
    changes = {"resource_path": "/up/", "failure_threshold": 5, "tags": {"Name": "other"}}
    assert bench.done(lambda: _check(**changes)) == [
        (ResourceAction.UPDATE, ("failureThreshold", "resourcePath", "tags.Name", "tagsAll.Name"))
    ]
    assert checks()[0]["HealthCheckConfig"]["ResourcePath"] == "/up/"
    assert bench.refreshed() == [ResourceAction.SAME]
    assert bench.done(lambda: _check(**changes, type="HTTP")) == [
        (ResourceAction.REPLACE, ("type",))
    ]
    assert len(checks()) == 1
    assert bench.done(lambda: None) == [(ResourceAction.DELETE, ())]
    assert not checks()
