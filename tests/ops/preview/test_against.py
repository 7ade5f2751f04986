"""``python -m ops preview STACK --against REF``: what changes, in words."""

import json
import shutil
import subprocess
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from ops.__main__ import main
from ops.preview.against_screen import as_markdown
from stack.against import baseline
from stack.against.difference import AlarmChange, PreviewDifference, difference
from stack.config import PROJECT, STACKS_VARIABLE
from stack.preview import preview
from stack.program import SECRET
from tests.components.registered import SUBSCRIPTION

CRITICAL = "django-app-alerts-django-ecs-monitoring-prod-critical"
WARNING = "django-app-alerts-django-ecs-monitoring-prod-warning"


def previewed(*changes: str) -> dict[str, Any]:
    text = json.dumps(preview("prod", list(changes)).as_json(), default=str)
    printed: dict[str, Any] = json.loads(text)
    return printed


@pytest.fixture(scope="module")
def before() -> dict[str, Any]:
    return previewed()


def changed(before: dict[str, Any], *changes: str) -> PreviewDifference:
    return difference(before, previewed(*changes), called="main")


def words(found: PreviewDifference) -> list[str]:
    return [str(one) for one in found.changed]


def test_nothing_changes(before: dict[str, Any]) -> None:
    changes = changed(before)
    assert changes.is_empty
    assert changes.cost_before == changes.cost_after
    assert changes.cost_lines == ()


def test_a_threshold_in_the_words_of_the_review(before: dict[str, Any]) -> None:
    """The schedule is told too: it says when the alarm goes off at all."""
    changes = changed(before, "alarms.ecs.cpu-high.threshold=75")
    assert words(changes) == ["ecs.cpu-high@web: >= 80 % becomes >= 75 %, 1 of 1 x 300 s stays"]
    assert changes.new == changes.gone == changes.notified == ()
    assert changes.resources == ("aws:cloudwatch:Dashboard dashboard changes: dashboardBody",)


def test_a_schedule(before: dict[str, Any]) -> None:
    changes = changed(before, "alarms.ecs.cpu-high={evaluation_periods: 3, datapoints_to_alarm: 2}")
    assert changes.changed == (
        AlarmChange(
            address="ecs.cpu-high@web",
            words=(
                "CPUUtilization Average >= 80 % stays",
                "1 of 1 x 300 s becomes 2 of 3 x 300 s",
            ),
        ),
        # What takes ten minutes to show is no sign of a cause any more.
        AlarmChange(
            address="incident.ecs@web",
            words=("no longer pages with a symptom and ecs.cpu-high@web",),
        ),
    )


def test_a_severity_says_which_incident_pages(before: dict[str, Any]) -> None:
    assert words(changed(before, "alarms.rds.cpu-high.severity=critical")) == [
        "rds.cpu-high@main: severity: warning becomes critical",
        "incident.rds@main: now pages with rds.cpu-high@main, no longer pages with a symptom and "
        "rds.cpu-high@main",
    ]


def test_a_severity_says_who_is_told() -> None:
    """Critical alarms of the example tell of their return to OK, too."""
    alone = "alerts.paging=alarm"
    changes = changed(previewed(alone), alone, "alarms.rds.cpu-high.severity=critical")
    assert words(changes) == [
        "rds.cpu-high@main: severity: warning becomes critical, "
        f"notifies: {WARNING} becomes {CRITICAL}, "
        f"notifies of its return to OK: nobody becomes {CRITICAL}"
    ]


def test_an_alarm_that_goes_has_its_reason_and_its_cost(before: dict[str, Any]) -> None:
    changes = changed(before, "alarms.ecs.cpu-high.enabled=false")
    assert len(changes.gone) == 1
    assert changes.gone[0].startswith("ecs.cpu-high@web: ")
    assert changes.cost_before is not None
    assert changes.cost_after is not None
    # One alarm metric of standard resolution in Tokyo: https://aws.amazon.com/cloudwatch/pricing/
    assert changes.cost_before - changes.cost_after == Decimal("0.10")
    assert "(-0.10)" in changes.cost


def test_a_new_target_brings_its_alarms(before: dict[str, Any]) -> None:
    changes = changed(before, "ecs.api={cluster: main, service: api}")
    new = {line.partition(":")[0] for line in changes.new}
    assert {"ecs.cpu-high@api", "ecs.memory-high@api", "ecs.tasks-low@api"} <= new
    assert "incident.ecs@api" in new
    assert words(changes) == [
        "incident.logs@app: now silent for incident.ecs@api",
        "incident.alb@main: now silent for incident.ecs@api",
    ]
    (cpu,) = (line for line in changes.new if line.startswith("ecs.cpu-high@api"))
    assert "CPUUtilization Average >= 80 %, 1 of 1 x 300 s" in cpu


def test_who_is_notified(before: dict[str, Any]) -> None:
    changes = changed(before, "alerts.emails.critical=[night@example.com]")
    assert changes.notified == (
        f"{CRITICAL}: email night@example.com is notified from now on, once the subscription is "
        "confirmed",
        f"{CRITICAL}: email oncall@example.com is no longer notified",
    )
    assert changes.changed == ()


def test_a_secret_address_is_told_by_its_name(before: dict[str, Any]) -> None:
    """As a saved preview has it, where the address is masked."""
    (email, *_) = (resource for resource in before["resources"] if resource["type"] == SUBSCRIPTION)
    inputs = {"protocol": "https", "topic": email["inputs"]["topic"], "endpoint": SECRET}
    webhook = {**email, "name": "alerts-critical-https-pager", "inputs": inputs}
    after = {**before, "resources": [*before["resources"], webhook]}
    assert difference(before, after, called="main").notified == (
        f"{email['inputs']['topic'].rpartition(':')[2]}: https alerts-critical-https-pager is "
        "notified from now on, once the subscription is confirmed",
    )


def test_a_stack_that_was_not_there() -> None:
    after = previewed()
    changes = difference(None, after, called="main")
    assert len(changes.new) == len(after["alarms"]) + len(after["incidents"])
    assert changes.cost_before == 0
    assert changes.cost_after == Decimal(after["cost"]["total"])


def test_a_region_without_prices_has_no_invented_difference(before: dict[str, Any]) -> None:
    changes = changed(before, "aws:region=sa-east-1")
    assert changes.cost == "no prices on file for the region"


def test_markdown_is_text_whatever_the_settings_say(before: dict[str, Any]) -> None:
    reason = "<img src=x> `code`\n# [link](https://example.com)"
    text = as_markdown(replace(changed(before), gone=(f"ecs.cpu-high@web: {reason}",)))
    assert text.startswith("<!-- monitoring preview of prod -->\n")
    assert r"- ecs.cpu-high@web: \<img src=x\> \`code\` \# \[link\](https" in text


def test_against_a_saved_preview(
    before: dict[str, Any], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    saved = tmp_path / "before.json"
    saved.write_text(json.dumps(before), encoding="utf-8")
    words = ["preview", "prod", "--against", str(saved)]
    assert main([*words, "--json", "--set", "alarms.ecs.cpu-high.threshold=75"]) == 0
    printed = json.loads(capsys.readouterr().out)
    assert printed["changed"] == [
        {
            "address": "ecs.cpu-high@web",
            "words": [">= 80 % becomes >= 75 %", "1 of 1 x 300 s stays"],
        }
    ]
    assert printed["cost"]["before"] == printed["cost"]["after"] == before["cost"]["total"]
    assert main(words) == 0
    assert f"Nothing changes against {saved}." in capsys.readouterr().out


@pytest.mark.parametrize(
    ("content", "said"),
    [("{}", "this is no preview"), ("no JSON", "this is no preview"), (None, "not of prod")],
)
def test_a_file_that_is_no_preview_of_the_stack(
    content: str | None,
    said: str,
    before: dict[str, Any],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    saved = tmp_path / "before.json"
    saved.write_text(content or json.dumps({**before, "stack": "staging"}), encoding="utf-8")
    assert main(["preview", "prod", "--against", str(saved)]) == 2
    assert said in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--markdown"], "--markdown is for --against"),
        (["--profile", "production"], "are for --verify"),
        (["--against", "no-such-revision"], "neither a file nor a git revision"),
        (["--against", "--output=/tmp/x"], "expected one argument"),
    ],
)
def test_arguments_that_do_not_go_together(
    arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    try:
        code = main(["preview", "prod", *arguments])
    except SystemExit as ended:
        code = int(ended.code or 0)
    assert code == 2
    assert said in capsys.readouterr().err


@pytest.mark.slow
def test_against_a_revision(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The revision's program and stack files, whatever has become of them since."""
    project = tmp_path / "project"
    ignored = shutil.ignore_patterns(".*", "__pycache__", "tests", "docs", "*.egg-info", "node_*")
    shutil.copytree(PROJECT, project, ignore=ignored)

    def git(*words: str) -> None:
        author = ["-c", "user.name=Test", "-c", "user.email=test@example.com"]
        subprocess.run(["git", *author, *words], cwd=project, check=True, capture_output=True)

    git("init", "--initial-branch=main")
    git("add", "--all")
    git("commit", "--no-verify", "--message=Before")
    stacks = project / "examples" / "stacks"
    prod = stacks / "Pulumi.prod.yaml"
    settings = prod.read_text(encoding="utf-8")
    assert "min_running_tasks: 2" in settings
    prod.write_text(settings.replace("min_running_tasks: 2", "min_running_tasks: 3"))
    shutil.copy(prod, stacks / "Pulumi.new.yaml")
    monkeypatch.setattr(baseline, "PROJECT", project)
    monkeypatch.setenv(STACKS_VARIABLE, str(stacks))

    assert main(["preview", "prod", "--against", "main", "--json"]) == 0
    printed = json.loads(capsys.readouterr().out)
    assert [one["address"] for one in printed["changed"]] == ["ecs.tasks-low@web"]
    assert main(["preview", "new", "--against", "main", "--json"]) == 0
    printed = json.loads(capsys.readouterr().out)
    after = previewed()
    assert len(printed["new"]) == len(after["alarms"]) + len(after["incidents"])
