"""Suggestions as a change of the stack's file."""

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml

from history.atomic import write_atomically
from replay.suggestion import SuggestedAlarm, ThresholdVerdict
from review.model import Candidate
from review.overrides import overrides_of
from review.stack_file import OverridesError, edit
from stack.config import EXAMPLES, read_stack_config
from tests.review.values import alarm_review, definition, keeps, outcome

PROJECT = "shop"

FILE = """\
# What runs in production.
config:
  aws:region: eu-west-1

  shop:ecs:
    web: {cluster: main, service: "web"}   # the shop itself

  shop:alarms:
    ecs.cpu-high: {threshold: 90}   # agreed with the team on 2026-01-12
    # Storage has a policy of its own.
    rds.storage-low:
      threshold: 1073741824
  shop:tags:
    owner: 'shop'
"""


def changed(tmp_path: Path, text: str, overrides: dict[str, Any]) -> str:
    path = tmp_path / "Pulumi.prod.yaml"
    path.write_text(text, encoding="utf-8")
    return edit(path, PROJECT, overrides).after


def test_an_alarm_on_the_recent_past_is_a_field_of_the_alarm_beside_it() -> None:
    current = definition("CPUUtilization", 80.0, 1, 1)
    recent = replace(current, threshold=-12.5)
    beside = SuggestedAlarm(kind="recent", definition=recent, why="")
    kept = replace(keeps(current), alarms=(beside,))
    changed = replace(kept, verdict=ThresholdVerdict.CHANGE, threshold=85.0)
    for suggestion, expected in (
        (kept, {"recent": 12.5}),
        (changed, {"recent": 12.5, "threshold": 85}),
        (keeps(current), None),
    ):
        candidate = Candidate(label="current", definition=current, outcome=outcome(()))
        reviewed = alarm_review("ecs.cpu-high@web", candidate, suggestion=suggestion)
        overrides, notes = overrides_of([reviewed])
        assert overrides == ({} if expected is None else {"ecs.cpu-high@web": expected})
        assert not notes


def test_a_new_override_is_one_new_line(tmp_path: Path) -> None:
    after = changed(tmp_path, FILE, {"ecs.cpu-high@web": {"threshold": 85}})
    new = [line for line in after.splitlines() if line not in FILE.splitlines()]
    assert new == ["    ecs.cpu-high@web: {threshold: 85}"]
    assert len(after.splitlines()) == len(FILE.splitlines()) + 1


def test_an_override_that_is_there_keeps_its_comment_and_other_fields(tmp_path: Path) -> None:
    after = changed(tmp_path, FILE, {"ecs.cpu-high": {"threshold": 92.5, "evaluation_periods": 3}})
    assert (
        "    ecs.cpu-high: {threshold: 92.5, evaluation_periods: 3} "
        "# agreed with the team on 2026-01-12"
    ) in after.replace("}   #", "} #").replace("}  #", "} #")
    assert "    # Storage has a policy of its own.\n" in after


def test_a_stack_without_overrides_gets_the_section(tmp_path: Path) -> None:
    text = "config:\n  aws:region: eu-west-1\n"
    after = changed(tmp_path, text, {"rds.cpu-high@main": {"threshold": 95}})
    assert after == text + "  shop:alarms:\n    rds.cpu-high@main: {threshold: 95}\n"


def test_pulumi_reads_the_changed_file_back(tmp_path: Path) -> None:
    (tmp_path / "Pulumi.yaml").write_text("name: shop\nruntime: python\n")
    path = tmp_path / "Pulumi.prod.yaml"
    path.write_text(FILE, encoding="utf-8")
    path.write_text(
        edit(path, PROJECT, {"ecs.cpu-high@web": {"threshold": 85}}).after, encoding="utf-8"
    )
    alarms = read_stack_config("prod", directory=tmp_path).values["shop:alarms"]
    assert '"ecs.cpu-high@web": {"threshold": 85}' in alarms


@pytest.mark.parametrize("overrides", [{}, {"ecs.cpu-high": {"threshold": 91}}])
def test_the_diff_shows_the_change_and_nothing_else(
    tmp_path: Path, overrides: dict[str, Any]
) -> None:
    path = tmp_path / "Pulumi.prod.yaml"
    path.write_text(FILE, encoding="utf-8")
    lines = edit(path, PROJECT, overrides).diff.splitlines()
    changed_lines = [line for line in lines if line[:1] in "+-" and line[:3] not in ("+++", "---")]
    assert len(changed_lines) == 2 * len(overrides)


def test_a_file_that_cannot_be_kept_is_left_alone_and_the_lines_are_given(tmp_path: Path) -> None:
    text = "config:\n    aws:region:   eu-west-1\n    shop:tags: {a:   b}\n"
    with pytest.raises(OverridesError, match=r"ecs\.cpu-high: \{threshold: 85\}"):
        changed(tmp_path, text, {"ecs.cpu-high": {"threshold": 85}})


def test_line_ends_stay_as_they_are(tmp_path: Path) -> None:
    path = tmp_path / "Pulumi.prod.yaml"
    text = FILE.replace("\n", "\r\n").encode()
    path.write_bytes(text)
    change = edit(path, PROJECT, {"ecs.cpu-high@web": {"threshold": 85}})
    assert change.before.encode() == text
    assert change.after.count("\r\n") == change.after.count("\n") == FILE.count("\n") + 1


def test_an_empty_config_gets_the_section(tmp_path: Path) -> None:
    after = changed(tmp_path, "config:\n", {"rds.cpu-high@main": {"threshold": 95}})
    assert after == "config:\n  shop:alarms:\n    rds.cpu-high@main: {threshold: 95}\n"


@pytest.mark.parametrize(
    "text",
    [
        # No mapping where one is needed; one name twice; no YAML.
        "config: 3\n",
        "config:\n  shop:alarms: [1]\n",
        "config:\n  shop:alarms:\n    ecs.cpu-high: 3\n",
        "config:\n  shop:tags: {}\n  shop:tags: {}\n",
        "config:\n\tshop:tags: {}\n",
    ],
)
def test_what_is_no_stacks_file_is_left_alone(tmp_path: Path, text: str) -> None:
    with pytest.raises(OverridesError, match=r"ecs\.cpu-high: \{threshold: 85\}"):
        changed(tmp_path, text, {"ecs.cpu-high": {"threshold": 85}})


SHARED = """\
config:
  aws:region: eu-west-1
  shop:common: &usual {threshold: 90}
  shop:alarms:
    ecs.cpu-high: *usual
    rds.cpu-high: &mine {threshold: 70, evaluation_periods: 5}
    rds.memory-low: *mine
    alb.latency:
      <<: *mine
      datapoints_to_alarm: 2
"""


@pytest.mark.parametrize("key", ["ecs.cpu-high", "rds.cpu-high", "rds.memory-low", "alb.latency"])
def test_what_an_anchor_shares_changes_nowhere_else(tmp_path: Path, key: str) -> None:
    before = yaml.safe_load(SHARED)["config"]
    after = yaml.safe_load(changed(tmp_path, SHARED, {key: {"threshold": 85}}))["config"]
    assert after["shop:common"] == {"threshold": 90}
    for name, fields in before["shop:alarms"].items():
        expected = {**fields, "threshold": 85} if name == key else fields
        assert after["shop:alarms"][name] == expected


def test_a_section_that_is_an_alias_becomes_one_of_its_own(tmp_path: Path) -> None:
    text = (
        "config:\n  shop:usual: &usual\n    ecs.cpu-high: {threshold: 90}\n  shop:alarms: *usual\n"
    )
    after = yaml.safe_load(changed(tmp_path, text, {"ecs.cpu-high": {"threshold": 85}}))["config"]
    assert after["shop:usual"] == {"ecs.cpu-high": {"threshold": 90}}
    assert after["shop:alarms"] == {"ecs.cpu-high": {"threshold": 85}}


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("config:\n  shop:alarms:\n    secure: v1:abc:def\n", "shop:alarms"),
        (
            "config:\n  shop:alarms:\n    ecs.cpu-high:\n      secure: v1:abc:def\n",
            "shop:alarms.ecs.cpu-high",
        ),
        (
            "config:\n  shop:alarms:\n    ecs.cpu-high:\n      threshold:\n"
            "        secure: v1:abc:def\n",
            "shop:alarms.ecs.cpu-high.threshold",
        ),
    ],
)
def test_a_secret_stays_one(tmp_path: Path, text: str, what: str) -> None:
    with pytest.raises(OverridesError, match=f"^{re.escape(what)} is a secret") as error:
        changed(tmp_path, text, {"ecs.cpu-high": {"threshold": 85}})
    assert f"pulumi config set --secret --path '{what}'" in str(error.value)


def test_a_secret_beside_what_changes_is_left_alone(tmp_path: Path) -> None:
    text = (
        "config:\n  shop:token:\n    secure: v1:abc:def\n"
        "  shop:alarms:\n    ecs.cpu-high: {threshold: 90}\n"
    )
    after = changed(tmp_path, text, {"ecs.cpu-high": {"threshold": 85}})
    assert after == text.replace("90", "85")


def test_a_symbolic_link_stays_one(tmp_path: Path) -> None:
    real = tmp_path / "elsewhere" / "prod.yaml"
    real.parent.mkdir()
    real.write_text(FILE)
    link = tmp_path / "Pulumi.prod.yaml"
    link.symlink_to(real)
    write_atomically(link, b"config: {}\n")
    assert link.is_symlink()
    assert real.read_text() == "config: {}\n"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["Pulumi.prod.yaml", "elsewhere"]


@pytest.mark.parametrize("stack", ["prod", "staging"])
def test_a_stacks_file_as_it_is_usually_written_can_be_changed(stack: str) -> None:
    path = EXAMPLES / f"Pulumi.{stack}.yaml"
    change = edit(path, "django-ecs-monitoring", {"ecs.cpu-high@web": {"threshold": 85}})
    assert "threshold: 85" in change.diff
