"""``python -m ops preview STACK --verify``, against the emulator."""

import argparse
import json
import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from account.verify.read import PERMISSIONS
from ecs_monitoring.catalog.metrics import SHEETS
from ops.preview import command
from stack.config import EXAMPLES, STACKS_VARIABLE
from tests.account.coverage.conftest import Calls
from tests.account.coverage.emulated import Shop
from tests.account.emulated import HOME, Deployment, Emulated

STACK = """\
config:
  aws:region: ap-northeast-1
  django-ecs-monitoring:ecs:
    web: {cluster: main, service: web, min_running_tasks: 2}
  django-ecs-monitoring:rds:
    main: {instance: shop, engine: postgres, instance_class: db.r6g.large,
           allocated_storage_gib: 100}
  django-ecs-monitoring:logs:
    app: {group: /ecs/web, format: json}
  django-ecs-monitoring:alerts:
    emails: {critical: [oncall@example.com], warning: [team@example.com]}
    queues: {critical: ["arn:aws:sqs:ap-northeast-1:123456789012:pager"]}
"""
# Of a topic, a queue and rules of EventBridge that the stack makes.
CARRIERS = (
    "delivery.notifications-failed@critical",
    "delivery.dead-letters@critical/notifications",
    "delivery.events-failed@warning",
)
ERROR = json.dumps({"level": "ERROR", "logger": "shop", "message": "no", "exception": None})
INFO = json.dumps({"level": "INFO", "logger": "shop", "message": "yes", "exception": None})


@dataclass
class Verified:
    """What a run of the command came to."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> dict[str, Any]:
        printed: dict[str, Any] = json.loads(self.out)
        return printed

    def alarm(self, address: str) -> dict[str, Any]:
        (found,) = (alarm for alarm in self.json["alarms"] if alarm["address"] == address)
        return dict(found)

    def thing(self, what: str) -> dict[str, Any]:
        (found,) = (thing for thing in self.json["things"] if thing["what"] == what)
        return dict(found)

    @property
    def missing(self) -> set[str]:
        """What the words of all missing things say."""
        answers = [
            alarm[question]
            for alarm in self.json["alarms"]
            for question in ("exists", "data", "notified", "free")
        ]
        return {
            one["words"] for one in [*answers, *self.json["things"]] if one["verdict"] == "missing"
        }


Verify = Callable[..., Verified]


@pytest.fixture
def verify(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Verify:
    """Run ``preview shop --verify …`` on a stack of its own."""
    shutil.copy(EXAMPLES / "Pulumi.yaml", tmp_path)
    project = (tmp_path / "Pulumi.yaml").read_text(encoding="utf-8")
    (tmp_path / "Pulumi.yaml").write_text(project.replace("../..", str(EXAMPLES.parent.parent)))
    (tmp_path / "Pulumi.shop.yaml").write_text(STACK, encoding="utf-8")
    monkeypatch.setenv(STACKS_VARIABLE, str(tmp_path))

    def run(*words: str) -> Verified:
        parser = argparse.ArgumentParser()
        command.add_arguments(parser)
        arguments = parser.parse_args(["shop", "--verify", *words])
        code = command.main(arguments, opened=Emulated())
        captured = capsys.readouterr()
        return Verified(code, captured.out, captured.err)

    return run


@pytest.fixture
def shop(deployment: Deployment) -> Shop:
    """Everything that the stack names, with data, but nothing of the stack itself."""
    filled = Shop()
    filled.cluster("main")
    filled.service("main", "web")
    filled.database("shop")
    filled.log_group("/ecs/web")
    filled.client("sqs").create_queue(QueueName="pager")
    # Whatever a rule may watch of them.
    for namespace, metric in SHEETS:
        if namespace == "AWS/ECS":
            filled.data(namespace, metric, ClusterName="main", ServiceName="web")
        if namespace == "AWS/RDS":
            filled.data(namespace, metric, DBInstanceIdentifier="shop")
    lines(filled, INFO, ERROR)
    return filled


def lines(shop: Shop, *messages: str, stream: str = "web/1") -> None:
    logs = shop.client("logs")
    logs.create_log_stream(logGroupName="/ecs/web", logStreamName=stream)
    # CloudWatch Logs takes no events older than 14 days.
    now = int(time.time() * 1000) - 60_000
    logs.put_log_events(
        logGroupName="/ecs/web",
        logStreamName=stream,
        logEvents=[{"timestamp": now + i, "message": one} for i, one in enumerate(messages)],
    )


def test_before_a_first_deployment_nothing_is_missing(shop: Shop, verify: Verify) -> None:
    """Topics are not there yet, and log metrics have no data yet: that is no fault."""
    verified = verify("--json")
    assert verified.missing == set()
    assert verified.json["notes"] == []
    assert verified.code == 0
    cpu = verified.alarm("ecs.cpu-high@web")
    assert cpu["name"] == "django-ecs-monitoring-shop-ecs-web-cpu-high"
    assert cpu["region"] == HOME
    assert cpu["exists"]["verdict"] == cpu["data"]["verdict"] == cpu["free"]["verdict"] == "found"
    assert cpu["notified"]["verdict"] == "note"
    assert "will be made; its subscribers must confirm" in cpu["notified"]["words"]
    for made in ("logs.errors@app", *CARRIERS):
        assert verified.alarm(made)["data"]["words"] == "made by what the stack itself deploys"


def test_how_often_each_filter_would_have_matched(shop: Shop, verify: Verify) -> None:
    verified = verify("--json")
    errors = verified.thing("filter django-ecs-monitoring-shop-logs.app.errors")
    assert errors["words"] == "would have matched 1 of the latest 2 lines"
    assert verified.thing("log group /ecs/web")["verdict"] == "found"


def test_a_json_group_without_json(shop: Shop, verify: Verify) -> None:
    """Only lines of another form: of these 31, none can match."""
    shop.client("logs").delete_log_stream(logGroupName="/ecs/web", logStreamName="web/1")
    lines(shop, *["[2026-03-01 10:00:00,000: ERROR/MainProcess] Task failed"] * 31)
    verified = verify("--json")
    group = verified.thing("log group /ecs/web")
    assert group["verdict"] == "missing"
    assert group["words"].startswith("none of its latest 31 lines is a JSON object")
    errors = verified.thing("filter django-ecs-monitoring-shop-logs.app.errors")
    assert errors["words"] == "would have matched 0 of the latest 31 lines"
    assert verified.code == 1


def test_a_filter_that_matches_every_line(shop: Shop, verify: Verify) -> None:
    shop.client("logs").delete_log_stream(logGroupName="/ecs/web", logStreamName="web/1")
    lines(shop, *[ERROR] * 200)
    verified = verify("--json")
    errors = verified.thing("filter django-ecs-monitoring-shop-logs.app.errors")
    assert errors["verdict"] == "missing"
    assert errors["words"] == "would have matched 200 of the latest 200 lines: all of them"


def test_a_group_without_lines_is_a_note(shop: Shop, verify: Verify) -> None:
    shop.client("logs").delete_log_stream(logGroupName="/ecs/web", logStreamName="web/1")
    verified = verify("--json")
    assert verified.thing("log group /ecs/web")["verdict"] == "note"
    assert verified.code == 0


def test_what_the_settings_name_wrongly(shop: Shop, verify: Verify) -> None:
    verified = verify("--json", "--set", "ecs.web.service=wep", "--set", "rds.main.instance=shopp",
                   "--set", "logs.app.group=/ecs/wep")  # fmt: skip
    cpu = verified.alarm("ecs.cpu-high@web")
    assert cpu["exists"]["words"] == (
        "there is no ECS service wep (cluster main): The nearest that there is: web."
    )
    assert cpu["data"]["words"] == (
        "AWS/ECS CPUUtilization (ClusterName main, ServiceName wep) had none in two weeks; there "
        "is some for (ClusterName main, ServiceName web)"
    )
    assert "there is no database shopp" in verified.alarm("rds.cpu-high@main")["exists"]["words"]
    errors = verified.alarm("logs.errors@app")
    assert errors["exists"]["words"] == "there is no log group /ecs/wep"
    assert verified.code == 1


def test_a_thing_that_exists_and_publishes_nothing(shop: Shop, verify: Verify) -> None:
    """The twin with the cluster's dimensions alone is another metric."""
    shop.service("main", "api")
    shop.data("AWS/ECS", "CPUUtilization", ClusterName="main")
    verified = verify("--json", "--set", "ecs.web.service=api")
    cpu = verified.alarm("ecs.cpu-high@web")
    assert cpu["exists"]["verdict"] == "found"
    assert cpu["data"]["verdict"] == "missing"


def test_a_group_that_the_stack_makes(shop: Shop, verify: Verify) -> None:
    change = "logs.app={group: /ecs/new, format: json, retention_days: 30}"
    verified = verify("--json", "--set", change)
    assert verified.thing("log group /ecs/new")["words"] == "log group /ecs/new will be made"
    assert verified.code == 0
    there = verify("--json", "--set", change.replace("new", "web"))
    assert "import it first" in there.thing("log group /ecs/web")["words"]


def test_subscribers(deployment: Deployment, shop: Shop, verify: Verify) -> None:
    """A topic that is there and that nobody hears of; the emulator confirms at once."""
    deployment.stack = "shop"
    deployment.topic("critical", emails=[])
    deployment.topic("warning")
    verified = verify("--json")
    assert verified.missing == {
        "topic django-app-alerts-django-ecs-monitoring-shop-critical has no confirmed subscriber: "
        "nobody is notified"
    }
    assert verified.alarm("rds.cpu-high@main")["notified"]["verdict"] == "found"
    assert verified.code == 1


def test_a_topic_of_others_that_is_not_there(shop: Shop, verify: Verify) -> None:
    arn = f"arn:aws:sns:{HOME}:123456789012:company"
    verified = verify("--json", "--set", f"alerts.topics.critical=[{arn}]")
    assert any(one.startswith("topic company does not exist") for one in verified.missing)


def test_a_queue_that_is_not_there(shop: Shop, verify: Verify) -> None:
    shop.client("sqs").delete_queue(
        QueueUrl=shop.client("sqs").get_queue_url(QueueName="pager")["QueueUrl"]
    )
    verified = verify("--json")
    assert verified.missing == {"there is no such queue"}


def test_an_alarm_of_somebody_else(deployment: Deployment, shop: Shop, verify: Verify) -> None:
    """One by hand under the stack's name; the stack's own of an earlier deployment is none."""
    deployment.stack = "shop"
    deployment.alarm("ecs.cpu-high@web", "critical", [], Tags=[{"Key": "Team", "Value": "data"}])
    deployment.alarm("ecs.memory-high@web", "critical", [])
    verified = verify("--json")
    assert verified.missing == {
        "an alarm django-ecs-monitoring-shop-ecs-web-cpu-high is there, has none of its tags and "
        "would be overwritten"
    }
    assert verified.alarm("ecs.memory-high@web")["free"]["verdict"] == "found"


def test_a_dashboard_of_somebody_else(shop: Shop, verify: Verify) -> None:
    name = "Django-App-Overview-django-ecs-monitoring-shop"
    widget = {"type": "metric", "properties": {"title": "Sales", "region": HOME,
              "metrics": [["Shop", "Sales"]]}}  # fmt: skip
    body = json.dumps({"widgets": [widget]})
    shop.client("cloudwatch").put_dashboard(DashboardName=name, DashboardBody=body)
    verified = verify("--json")
    assert verified.thing(f"dashboard {name}")["verdict"] == "missing"
    assert len(verified.missing) == 1


def test_the_table_says_the_same(shop: Shop, verify: Verify) -> None:
    verified = verify()
    assert verified.code == 0
    assert "Nothing is missing." in verified.out
    wrong = verify("--set", "ecs.web.cluster=mainn")
    assert wrong.code == 1
    # A column's cells, each of which may be broken in several lines.
    rows = (line.split("│") for line in wrong.out.splitlines() if line.startswith("│"))
    exists = " ".join(cells[2].strip() for cells in rows if len(cells) > 2)
    assert "there is no ECS cluster mainn" in exists


def test_a_region_without_anything_of_the_stack(shop: Shop, verify: Verify) -> None:
    verified = verify("--region", "eu-west-1")
    assert verified.code == 2
    assert "--region eu-west-1: the stack has nothing there; write ap-northeast-1" in verified.err


@pytest.mark.parametrize(
    ("operation", "said"),
    [
        ("ListClusters", "ECS clusters could not be"),
        ("DescribeServices", "ECS services could not be"),
        ("DescribeDBInstances", "databases could not be"),
        ("DescribeLogGroups", "log groups could not be"),
        ("DescribeLogStreams", "the latest lines of log group /ecs/web could not be"),
        ("GetLogEvents", "the latest lines of log group /ecs/web could not be"),
        ("ListMetrics", "which metrics have data could not be"),
        ("DescribeAlarms", "alarms of the same names could not be"),
        ("GetDashboard", "could not be looked at"),
        ("GetQueueUrl", "queue pager could not be"),
    ],
)
def test_what_is_refused_is_said(
    operation: str, said: str, shop: Shop, verify: Verify, calls: Calls
) -> None:
    """The other parts are looked at; nothing is called missing that nobody could see."""
    calls.refused.add(operation)
    verified = verify("--json")
    assert [note for note in verified.json["notes"] if operation in note and said in note]
    assert verified.missing == set()
    assert verified.json["counts"]["unknown"] or operation == "DescribeServices"
    assert verified.code == 1


@pytest.mark.parametrize("operation", ["GetTopicAttributes", "ListSubscriptionsByTopic"])
def test_what_is_refused_of_topics(
    operation: str, deployment: Deployment, shop: Shop, verify: Verify, calls: Calls
) -> None:
    deployment.stack = "shop"
    deployment.topic("critical")
    calls.refused.add(operation)
    verified = verify("--json")
    notified = verified.alarm("ecs.tasks-low@web")["notified"]
    assert notified["verdict"] == "unknown"
    assert operation in notified["words"]
    assert verified.code == 1


def test_no_access_at_all(shop: Shop, verify: Verify, calls: Calls) -> None:
    calls.refused.add("GetCallerIdentity")
    verified = verify("--json")
    assert verified.code == 2
    assert verified.out == ""
    assert "Nothing was looked at." in verified.err


def test_it_reads_only_and_by_the_permissions(
    deployment: Deployment, shop: Shop, verify: Verify, calls: Calls
) -> None:
    deployment.stack = "shop"
    deployment.topic("critical", key=deployment.key())
    deployment.alarm("ecs.cpu-high@web", "critical", [])
    shop.balancer("web")
    calls.made.clear()
    verify("--json")
    services = {"monitoring": "cloudwatch", "tagging": "tag"}
    made = {f"{services.get(service, service)}:{operation}" for service, operation in calls.made}
    # Needs no permission:
    # https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html
    assert made - {"sts:GetCallerIdentity"} <= set(PERMISSIONS)
    assert {"logs:GetLogEvents", "cloudwatch:ListMetrics", "sqs:GetQueueUrl"} <= made


def test_a_volume_that_has_grown(verify: Verify, shop: Shop) -> None:
    shop.client("rds").modify_db_instance(DBInstanceIdentifier="shop", AllocatedStorage=1000)
    verified = verify("--json")
    assert verified.code == 1
    database = verified.thing("database shop")
    assert database["verdict"] == "missing"
    assert (
        "rds.main.allocated_storage_gib is 100, and the instance has 1000: write 1000"
        in database["words"]
    )
