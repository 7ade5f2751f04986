"""``python -m ops policy``: held against what the provider double calls."""

import json
from collections.abc import Iterator
from fnmatch import fnmatchcase
from typing import Any

import pytest
from botocore.client import BaseClient  # type: ignore[import-untyped]

from account.iam.documents import deploy_policies, preview_policy
from account.iam.resources import Backend
from account.verify.read import PERMISSIONS
from ops.__main__ import main
from sandbox.account import prepare_account
from sandbox.clients import Clients
from sandbox.double import Double
from sandbox.emulator import Emulator
from sandbox.process_deployer import ProcessDeployer
from stack.config import StackConfig, read_stack_config
from stack.program import run_program
from tests.settings.refusal import with_secret

ACCOUNT = "123456789012"
SECRETS_KEY = f"arn:aws:kms:ap-northeast-1:{ACCOUNT}:key/1234"
BACKEND = Backend(
    project="django-ecs-monitoring",
    stack="prod",
    account=ACCOUNT,
    partition="aws",
    bucket="example-pulumi-state",
    key=SECRETS_KEY,
)
WORDS = ["--account", ACCOUNT, "--bucket", "example-pulumi-state", "--secrets-key", SECRETS_KEY]
# Services whose requests are signed for another name than that of their IAM actions.
PREFIXES = {"monitoring": "cloudwatch"}
# S3's actions that are called otherwise than the requests that need them:
# https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-with-s3-policy-actions.html
S3_ACTIONS = {
    "HeadBucket": "ListBucket",
    "ListObjectVersions": "ListBucketVersions",
    "DeleteBucketTagging": "PutBucketTagging",
    "GetPublicAccessBlock": "GetBucketPublicAccessBlock",
    "PutPublicAccessBlock": "PutBucketPublicAccessBlock",
    "DeletePublicAccessBlock": "PutBucketPublicAccessBlock",
    "GetBucketLifecycleConfiguration": "GetLifecycleConfiguration",
    "PutBucketLifecycleConfiguration": "PutLifecycleConfiguration",
    "DeleteBucketLifecycle": "PutLifecycleConfiguration",
}

# The first needs no permission:
# https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html
# By the second the double gives an alarm the state that AWS itself would give it. By the third it
# lists a role's tags as those of everything else; the provider takes them from GetRole's answer:
# https://github.com/hashicorp/terraform-provider-aws/blob/main/internal/service/iam/role.go
NOT_THE_PROVIDERS = ("sts:GetCallerIdentity", "cloudwatch:SetAlarmState", "iam:ListRoleTags")

# What names the resource in a request, and the resource's ARN.
IN = f"ap-northeast-1:{ACCOUNT}"
NAMED = {
    "AlarmName": f"arn:aws:cloudwatch:{IN}:alarm:{{}}",
    "AlarmNames": f"arn:aws:cloudwatch:{IN}:alarm:{{}}",
    "AlarmMuteRuleName": f"arn:aws:cloudwatch:{IN}:alarm-mute-rule:{{}}",
    "DashboardName": f"arn:aws:cloudwatch::{ACCOUNT}:dashboard/{{}}",
    "DashboardNames": f"arn:aws:cloudwatch::{ACCOUNT}:dashboard/{{}}",
    "TopicArn": "{}",
    "QueueName": f"arn:aws:sqs:{IN}:{{}}",
    "logGroupName": f"arn:aws:logs:{IN}:log-group:{{}}",
    "DeliveryStreamName": f"arn:aws:firehose:{IN}:deliverystream/{{}}",
    "Bucket": "arn:aws:s3:::{}",
    "RoleName": f"arn:aws:iam::{ACCOUNT}:role/{{}}",
    "AliasName": f"arn:aws:kms:{IN}:{{}}",
    "ChatConfigurationArn": "{}",
}


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, dict[str, Any]]]:
    """Action and parameters of each call, in order."""
    found: list[tuple[str, dict[str, Any]]] = []
    real = BaseClient._make_api_call

    def call(client: Any, operation: str, parameters: dict[str, Any]) -> Any:
        service = client.meta.service_model.signing_name
        action = S3_ACTIONS.get(operation, operation) if service == "s3" else operation
        found.append((f"{PREFIXES.get(service, service)}:{action}", parameters))
        return real(client, operation, parameters)

    monkeypatch.setattr(BaseClient, "_make_api_call", call)
    return found


def streaming() -> StackConfig:
    """Production, with its metrics streamed."""
    account = "new_relic={datacenter: us, license_key: 0123456789abcdef0123456789abcdef0123NRAL}"
    return with_secret(read_stack_config("prod", settings=[account]), "new_relic")


def policies(capsys: pytest.CaptureFixture[str], stack: str, *words: str) -> dict[str, Any]:
    assert main(["policy", stack, *WORDS, *words]) == 0
    printed: dict[str, Any] = json.loads(capsys.readouterr().out)
    return printed


def statements(*documents: Any) -> list[dict[str, Any]]:
    return [one for document in documents for one in document["Statement"]]


def allowing(action: str, allowed: list[dict[str, Any]]) -> list[str]:
    """The resources on which an action is allowed."""
    return [arn for one in allowed if action in one["Action"] for arn in one["Resource"]]


def named(parameters: dict[str, Any]) -> Iterator[str]:
    """ARNs of the resources that a request names."""
    for name, form in NAMED.items():
        value = parameters.get(name, ())
        for one in [value] if isinstance(value, str) else value:
            yield form.format(one)


def fits(arn: str, patterns: list[str]) -> bool:
    return any(fnmatchcase(arn, pattern) for pattern in patterns)


@pytest.mark.parametrize("stack", ["prod", "staging"])
def test_every_call_of_the_double_is_allowed(
    stack: str,
    emulator: Emulator,
    made: list[tuple[str, dict[str, Any]]],
    capsys: pytest.CaptureFixture[str],
) -> None:
    documents = policies(capsys, stack)
    calls = calls_of(read_stack_config(stack), emulator, made)
    allowed = statements(documents["deploy-read"], documents["deploy"])
    seen = held_against(calls, allowed)
    # Of each sort of named thing some were seen, so that the patterns were held against names.
    assert {arn.split(":")[2] for arn in seen} >= {"cloudwatch", "logs", "sns", "sqs"}
    assert stack != "prod" or "chatbot" in {arn.split(":")[2] for arn in seen}


def test_every_call_for_a_stream_is_allowed(
    emulator: Emulator, made: list[tuple[str, dict[str, Any]]]
) -> None:
    config = streaming()
    run = run_program(config)
    calls = calls_of(config, emulator, made)
    allowed = statements(*deploy_policies(run, BACKEND))
    seen = held_against(calls, allowed)
    assert {arn.split(":")[2] for arn in seen} >= {"firehose", "iam", "s3"}
    stream = f"arn:aws:cloudwatch:{IN}:metric-stream/new-relic-django-ecs-monitoring-prod"
    assert allowing("cloudwatch:PutMetricStream", allowed) == [
        stream.replace("ap-northeast-1", "*")
    ]


def test_each_role_of_a_stream_goes_to_its_own_service() -> None:
    allowed = {
        one["Sid"]: one
        for one in deploy_policies(run_program(streaming()), BACKEND)[1]["Statement"]
    }
    name = NAMED["RoleName"].format
    for sid, service, role in (
        ("PassToFirehose", "firehose.amazonaws.com", "firehose"),
        ("PassToStreamsMetricsCloudwatch", "streams.metrics.cloudwatch.amazonaws.com", "stream"),
    ):
        assert allowed[sid]["Resource"] == [name(f"new-relic-django-ecs-monitoring-prod-{role}")]
        assert allowed[sid]["Condition"] == {"StringEquals": {"iam:PassedToService": service}}


def test_no_other_bucket_is_read() -> None:
    run = run_program(streaming())
    own = "arn:aws:s3:::new-relic-django-ecs-monitoring-prod-123456789012"
    state = "arn:aws:s3:::example-pulumi-state"
    for document in (preview_policy(run, BACKEND), deploy_policies(run, BACKEND)[0]):
        assert set(allowing("s3:ListBucket", statements(document))) == {own, state}
        assert allowing("s3:GetBucketPolicy", statements(document)) == [own]


def test_everything_on_fits_into_the_roles(capsys: pytest.CaptureFixture[str]) -> None:
    """A stack with all that a stack can have, and fifty log groups with windows of their own."""
    groups = [
        f"logs.g{n}={{group: /ecs/service-number-{n:02}, retention_days: 30}}" for n in range(50)
    ]
    changes = [
        *groups,
        "health={shop: {url: 'https://shop.example.com/health'}}",
    ]
    words = [word for change in changes for word in ("--set", change)]
    documents = policies(capsys, "prod", *words)
    assert {"preview", "preview-2", "deploy-read", "deploy", "deploy-2", "operator"} <= set(
        documents
    )
    for document in documents.values():
        assert len(json.dumps(document, separators=(",", ":"))) <= 6144
    # What was cut allows what the whole one does.
    config = read_stack_config("prod", settings=changes)
    whole = statements(deploy_policies(run_program(config), BACKEND)[1])
    cut = statements(
        *(documents[name] for name in documents if name.startswith("deploy") and "read" not in name)
    )
    for one in whole:
        for action in one["Action"]:
            assert set(allowing(action, [one])) <= set(allowing(action, cut))
    assert sum(len(one["Resource"]) for one in cut) == sum(len(one["Resource"]) for one in whole)


def test_a_cut_policy_is_told_with_all_its_parts(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("account.iam.statements.POLICY_LENGTH", 2500)
    assert main(["policy", "prod", *WORDS, "--only", "deploy-2"]) == 0
    captured = capsys.readouterr()
    assert json.loads(captured.out)["Statement"]
    assert "the deploy role needs deploy-read, deploy, deploy-2" in captured.err
    assert main(["policy", "prod", *WORDS, "--only", "deploy-9"]) == 2
    assert "--only deploy-9: there is no such document; write one of: preview, " in (
        capsys.readouterr().err
    )


@pytest.mark.parametrize(
    ("length", "code", "said"),
    [
        (900, 0, "managed policies, and a role takes 10 until its quota is raised (to 20 at most)"),
        (300, 2, "managed policies, and a role takes at most 20: make several stacks of this one"),
    ],
)
def test_more_policies_than_a_role_takes(
    length: int,
    code: int,
    said: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr("account.iam.statements.POLICY_LENGTH", length)
    assert main(["policy", "prod", *WORDS]) == code
    captured = capsys.readouterr()
    assert said in captured.err
    assert bool(captured.out) == (code == 0)


def test_a_setting_may_be_tried(capsys: pytest.CaptureFixture[str]) -> None:
    words = ("--only", "deploy")
    plain = statements(policies(capsys, "staging", *words))
    tried = statements(policies(capsys, "staging", *words, "--set", "alerts.encryption=true"))
    assert not allowing("kms:CreateKey", plain)
    assert allowing("kms:CreateKey", tried) == ["*"]


def test_an_operator_needs_neither_bucket_nor_key(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["policy", "prod", "--account", ACCOUNT, "--only", "operator"]) == 0
    captured = capsys.readouterr()
    document = json.loads(captured.out)
    assert allowing("cloudwatch:DeleteAlarmMuteRule", document["Statement"]) == [
        f"arn:aws:cloudwatch:*:{ACCOUNT}:alarm-mute-rule:django-ecs-monitoring-prod-mute-by-hand--*"
    ]
    assert captured.err == ""
    assert main(["policy", "prod", "--account", ACCOUNT]) == 2
    assert "write --bucket and --secrets-key; --only operator does without" in (
        capsys.readouterr().err
    )


def test_chat_is_asked_about_where_there_is_some(capsys: pytest.CaptureFixture[str]) -> None:
    with_slack, without = policies(capsys, "prod"), policies(capsys, "staging")
    for name in ("preview", "operator"):
        assert allowing("chatbot:DescribeSlackWorkspaces", statements(with_slack[name])) == ["*"]
        assert not allowing(
            "chatbot:ListMicrosoftTeamsConfiguredTeams", statements(with_slack[name])
        )
        assert not allowing("chatbot:DescribeSlackWorkspaces", statements(without[name]))


def calls_of(
    config: StackConfig, emulator: Emulator, made: list[tuple[str, dict[str, Any]]]
) -> list[tuple[str, dict[str, Any]]]:
    """The calls of a deployment, a refresh and the end of it all."""
    prepare_account(emulator, config)
    deployed = ProcessDeployer(Double(Clients(emulator.url))).stack(config)
    made.clear()
    deployed.up()
    deployed.refresh()
    deployed.destroy()
    return list(made)


def held_against(
    calls: list[tuple[str, dict[str, Any]]], allowed: list[dict[str, Any]]
) -> set[str]:
    """The ARNs that the calls name, each of them allowed to the call."""
    seen: set[str] = set()
    for action, parameters in calls:
        if action in NOT_THE_PROVIDERS:
            continue
        resources = allowing(action, allowed)
        assert resources, f"{action} is not allowed"
        for arn in named(parameters):
            assert fits(arn, resources), (action, arn, resources)
            seen.add(arn)
    return seen


def test_what_a_stack_does_not_have_is_not_allowed(capsys: pytest.CaptureFixture[str]) -> None:
    """Neither key nor reminder, health check or log group of its own in staging."""
    documents = policies(capsys, "staging")
    services = {
        action.partition(":")[0]
        for statement in statements(documents["deploy"])
        for action in statement["Action"]
    }
    assert services == {"cloudwatch", "events", "logs", "sns", "sqs"}
    assert not allowing("logs:CreateLogGroup", statements(*documents.values()))


def test_another_stack_is_not_reached(capsys: pytest.CaptureFixture[str]) -> None:
    """The names of a stack prod-eu begin with those of prod."""
    allowed = statements(policies(capsys, "prod", "--only", "deploy"))
    name = NAMED["AlarmName"].format
    own = allowing("cloudwatch:PutMetricAlarm", allowed)
    assert fits(name("django-ecs-monitoring-prod-ecs-web-cpu-high"), own)
    assert not fits(name("django-ecs-monitoring-prod-eu-ecs-web-cpu-high"), own)
    rules = allowing("cloudwatch:DeleteAlarmMuteRule", allowed)
    assert rules
    assert all(":django-ecs-monitoring-prod-mute-database-maintenance--" in rule for rule in rules)
    # The right to mute is needed on the alarms that a rule names, too.
    muted = set(allowing("cloudwatch:PutAlarmMuteRule", allowed)) - set(rules)
    assert set(own) <= muted
    assert fits(name("django-ecs-monitoring-prod-incident-main-rds"), list(muted))
    assert not fits(name("django-ecs-monitoring-prod-eu-incident-main-rds"), list(muted))
    events = allowing("events:DeleteRule", allowed)
    rule = f"arn:aws:events:{IN}:rule/events-django-ecs-monitoring-prod"
    assert fits(f"{rule}-ecs-out-of-memory", events)
    assert not fits(f"{rule}-eu-ecs-out-of-memory", events)
    topics = allowing("sns:DeleteTopic", allowed)
    topic = f"arn:aws:sns:{IN}:django-app-alerts-django-ecs-monitoring-prod"
    assert fits(f"{topic}-critical", topics)
    assert not fits(f"{topic}-eu-critical", topics)
    roles = [
        NAMED["RoleName"].format(name)
        for name in (
            "alarm-chat-django-ecs-monitoring-prod",
            "django-ecs-monitoring-prod-review-reminder",
        )
    ]
    assert allowing("iam:PutRolePolicy", allowed) == roles
    assert sorted(allowing("iam:PassRole", allowed)) == roles


def test_a_role_goes_to_the_service_that_it_trusts_alone(
    capsys: pytest.CaptureFixture[str],
) -> None:
    allowed = {
        statement["Sid"]: statement
        for statement in statements(policies(capsys, "prod", "--only", "deploy"))
    }
    passed = {
        one["Condition"]["StringEquals"]["iam:PassedToService"]: one["Resource"]
        for sid, one in allowed.items()
        if "iam:PassRole" in one["Action"]
    }
    assert passed == {
        "scheduler.amazonaws.com": [
            NAMED["RoleName"].format("django-ecs-monitoring-prod-review-reminder")
        ],
        "chatbot.amazonaws.com": [
            NAMED["RoleName"].format("alarm-chat-django-ecs-monitoring-prod")
        ],
    }
    # https://docs.aws.amazon.com/chatbot/latest/adminguide/slr-permissions.html
    assert allowed["ChatServiceLinkedRole"]["Condition"] == {
        "StringEquals": {"iam:AWSServiceName": "management.chatbot.amazonaws.com"}
    }


def test_keys_go_by_the_tags_of_the_settings(capsys: pytest.CaptureFixture[str]) -> None:
    allowed = {
        statement["Sid"]: statement
        for statement in statements(policies(capsys, "prod", "--only", "deploy"))
    }
    assert allowed["KeyOfThisStack"]["Condition"] == {
        "StringEquals": {
            "aws:ResourceTag/Project": "django-ecs-monitoring",
            "aws:ResourceTag/Environment": "prod",
        }
    }
    assert set(allowed["KeyCreation"]["Condition"]["StringEquals"]) == {
        "aws:RequestTag/Project",
        "aws:RequestTag/Environment",
    }


def test_what_reads_changes_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    documents = policies(capsys, "prod")
    kept = ("KeepState", "OpenSecrets")
    for statement in statements(documents["preview"], documents["deploy-read"]):
        verbs = {action.partition(":")[2] for action in statement["Action"]}
        reading = all(verb.startswith(("Get", "List", "Describe")) for verb in verbs)
        assert reading or statement["Sid"] in kept, statement
    assert "KeepState" not in {one["Sid"] for one in statements(documents["preview"])}


def test_verifying_is_allowed_to_the_preview_role(capsys: pytest.CaptureFixture[str]) -> None:
    allowed = statements(policies(capsys, "prod", "--only", "preview"))
    assert all(allowing(action, allowed) for action in PERMISSIONS)
    # The lines of other groups are none of its business.
    assert all("/ecs/django-app" in arn for arn in allowing("logs:GetLogEvents", allowed))


@pytest.mark.parametrize("stack", ["prod", "staging"])
def test_each_fits_into_a_managed_policy(stack: str, capsys: pytest.CaptureFixture[str]) -> None:
    # https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
    for document in policies(capsys, stack).values():
        assert len(json.dumps(document, separators=(",", ":"))) <= 6144
        sids = [one["Sid"] for one in document["Statement"]]
        assert len(set(sids)) == len(sids)


def test_what_iam_cannot_close_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["policy", "prod", *WORDS]) == 0
    said = capsys.readouterr().err
    assert "keys have no names" in said
    assert "subscriptions take no resource" in said
    assert "health checks" not in said


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"--account": "1234"}, "write the 12 digits of an account"),
        ({"--secrets-key": "alias/pulumi-secrets"}, "write a key's ARN"),
    ],
)
def test_wrong_arguments(
    change: dict[str, str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    words = dict(zip(WORDS[::2], WORDS[1::2], strict=True)) | change
    with pytest.raises(SystemExit) as ended:
        main(["policy", "prod", *(word for pair in words.items() for word in pair)])
    assert ended.value.code == 2
    assert said in capsys.readouterr().err
