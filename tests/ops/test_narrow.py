"""Every command's screen on a terminal of 60 columns, and in encodings that have not every letter.

Nothing may be cut off: what is printed narrowly has the same letters as what is printed widely.
"""

import io
import json
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cache, partial
from pathlib import Path
from typing import Any

import pytest
from rich.cells import cell_len

from account.composites import Composites
from account.mute_rules import MuteRule
from account.mutes_by_hand import FoundRule, hand_window
from account.obstacles import Obstacle, ObstacleKind
from account.stack import StackPlace
from account.verify.model import (
    FOUND,
    Verification,
    VerifiedAlarm,
    VerifiedThing,
    missing,
    note,
    unknown,
)
from account.who import who_is_told
from drill.plan import DrillPlan, LeftAlone
from drill.survey import Choice, Survey, SurveyedRegion
from ecs_monitoring.cloudwatch.alarm import AlarmAddress
from ecs_monitoring.cloudwatch.definition import MetricKey
from history.archive import Archive
from history.inventory import MetricInventory
from history.metric import ArchivedMetric
from ops.__main__ import main
from ops.drill.screen import DrillScreen
from ops.history.screen import FetchScreen
from ops.mute.screen import MuteScreen
from ops.preview.against_screen import as_markdown, print_difference
from ops.preview.screen import print_preview
from ops.preview.verifying import print_verification
from ops.preview.who_screen import print_who
from ops.review.screen import Screen
from ops.terminal import ExitCode, take_any_encoding, visible
from review.model import IncidentReview
from stack.against.difference import difference
from stack.preview import Preview, preview
from tests.account import values
from tests.account.emulated import HOME
from tests.ops.calibrate.test_calibrate_command import fill
from tests.ops.suggest.test_command import series
from tests.review import reviews
from tests.times import at

NARROW, WIDE = 60, 2000

# A name that is markup, a control sequence, and letters that cp1252 has not.
NASTY = "[bold]a[/]\x1b[2J決済-with-a-name-that-is-longer-than-any-column-can-be-made"
PLACE = StackPlace(
    project="django-ecs-monitoring",
    stack="prod",
    home=HOME,
    regions=(HOME,),
)


@cache
def previewed() -> Preview:
    return preview("prod", [])


def against(_: Path) -> None:
    saved = json.loads(json.dumps(previewed().as_json(), default=str))
    changes = difference(None, saved, called=NASTY)
    print_difference(changes)
    assert as_markdown(changes)


def verified(_: Path) -> None:
    alarms = tuple(
        VerifiedAlarm(
            address=f"ecs.{NASTY}@web",
            name=NASTY,
            region=HOME,
            exists=missing(f"there is no ECS service {NASTY} (cluster main)"),
            data=unknown("which metrics have data could not be looked at"),
            notified=note(f"topic {NASTY} will be made; its subscribers must confirm"),
            free=FOUND,
        )
        for _ in range(2)
    )
    thing = VerifiedThing(what=f"log group {NASTY}", region=HOME, answer=note(NASTY))
    print_verification(
        Verification(account="123456789012", alarms=alarms, things=(thing,), notes=(NASTY,)),
        NASTY,
    )


def region() -> Any:
    return type("Region", (), {"name": HOME})


def drilled(_: Path) -> None:
    alarm = replace(values.alarm(), address=AlarmAddress(f"ecs.{NASTY}@web"), severity=NASTY)
    survey = Survey(
        choice=Choice(project=PLACE.project, stack="prod", home=HOME, regions=(HOME,)),
        caller=type("Caller", (), {"arn": NASTY, "account": "123456789012"}),  # type: ignore[arg-type]
        regions=(
            SurveyedRegion(
                region=region(),
                plan=DrillPlan(
                    drilled=(alarm, values.alarm()), left_alone=(LeftAlone(alarm, NASTY),)
                ),
                topics={values.CRITICAL: values.topic()},
                composites=Composites([]),
            ),
        ),
        obstacles=(
            Obstacle(
                kind=ObstacleKind.TOPIC_GONE,
                subject=NASTY,
                alarms=(alarm.address,),
                message=NASTY,
            ),
        ),
        notes=(NASTY,),
    )
    DrillScreen(is_json=False).plan(survey)


def muted(_: Path) -> None:
    rule = MuteRule(
        name=NASTY,
        alarms=frozenset({"a"}),
        schedule="cron(0 3 * * SUN)",
        duration="PT1H",
        timezone="Asia/Tokyo",
        expires=None,
        status="SCHEDULED",
        description=NASTY,
    )
    alarms = tuple(
        replace(values.alarm(), address=AlarmAddress(f"ecs.rule-{n}@{NASTY}")) for n in range(7)
    )
    found = FoundRule(region=region(), rule=rule, alarms=alarms, origin=NASTY, id=NASTY)
    now = at("2026-11-26")
    screen = MuteScreen(is_json=False)
    screen.rules(PLACE, [found], now)
    caller: Any = type("Caller", (), {"arn": NASTY, "account": "123456789012"})
    window = hand_window("1h", None, "UTC", now)
    screen.plan(PLACE, caller, [(region(), alarms)], window, NASTY)


def shown_history(_: Path) -> None:
    metric = ArchivedMetric(
        account="123456789012",
        region=HOME,
        key=MetricKey(namespace="AWS/ECS", name=NASTY, dimensions=frozenset({("Service", NASTY)})),
    )
    inventory = MetricInventory(
        metric=metric,
        alarms=(f"ecs.{NASTY}@web",),
        days=3,
        empty_days=0,
        first=1_780_272_000,
        last=1_780_444_800,
        shares={60: 0.75, 300: 0.25},
        gaps=((1_780_272_000, 1_780_272_000),),
        bad=(),
    )
    FetchScreen(is_json=False).inventory([inventory])


def reviewed(folder: Path) -> None:
    incident = IncidentReview(
        address=AlarmAddress(f"incident.rds@{NASTY}"),
        name=NASTY,
        paged=(1,),
        suppressed=(),
        without_incidents=3,
        not_replayed=(NASTY,),
    )
    made = replace(reviews.rich_review(), incidents=(incident,))
    Screen(is_json=False).show(made, folder / "review.html")


def evaluated(folder: Path) -> None:
    alarm = {
        "AlarmName": NASTY,
        "Namespace": "AWS/ECS",
        "MetricName": NASTY,
        "Dimensions": [{"Name": "Service", "Value": NASTY}],
        "Statistic": "Average",
        "Period": 60,
        "EvaluationPeriods": 1,
        "Threshold": 80,
        "ComparisonOperator": "GreaterThanThreshold",
    }
    (folder / "alarm.json").write_text(json.dumps(alarm), encoding="utf-8")
    rows = "".join(f"2026-11-24T10:{minute:02}:00Z,{minute * 10}\n" for minute in range(12))
    (folder / "series.csv").write_text(f"timestamp,value\n{rows}", encoding="utf-8")
    ran("evaluate", str(folder / "alarm.json"), str(folder / "series.csv"))


def calibrated(folder: Path) -> None:
    if not (folder / "archive").is_dir():
        fill(Archive(folder / "archive"), share=0.02)
    ran("calibrate", "prod", "--archive", str(folder / "archive"), "--dry-run")


def suggested(folder: Path) -> None:
    path = folder / "[bold]cpu.csv"
    if not path.is_file():
        series(path, days=15)
    ran("suggest", str(path))


def exported(folder: Path) -> None:
    ran("export", "rules", "prod", "--out", str(folder / "[bold]out"))


def ran(*words: str) -> None:
    assert main(list(words)) in (ExitCode.DONE, ExitCode.ATTENTION)


SCREENS: dict[str, Callable[[Path], None]] = {
    "preview": lambda _: print_preview(previewed()),
    "preview --against": against,
    "preview --who": lambda _: print_who(who_is_told(previewed()), NASTY),
    "preview --verify": verified,
    "policy": lambda _: ran("policy", "prod", "--account", "1" * 12, "--only", "operator"),
    "export": exported,
    "drill": drilled,
    "mute": muted,
    "history show": shown_history,
    "review": reviewed,
    "evaluate": evaluated,
    "calibrate": calibrated,
    "suggest": suggested,
}

# What holds brackets, where it is not NASTY.
NAMES = {
    "preview": "ecs.cpu-high@web",
    "policy": "DrillAlarms",
    "export": "[bold]out",
    "calibrate": "AWS/ApplicationELB",
    "suggest": "[bold]cpu.csv",
}


def printed(
    show: Callable[[], None],
    width: int,
    monkeypatch: pytest.MonkeyPatch,
    encoding: str = "utf-8",
) -> str:
    """What goes to the standard output of a terminal of some width."""
    stream = io.TextIOWrapper(io.BytesIO(), encoding=encoding)
    terminal = {"FORCE_COLOR": "1", "TERM": "dumb", "COLUMNS": str(width), "LINES": "50"}
    for name, value in terminal.items():
        monkeypatch.setenv(name, value)
    with monkeypatch.context() as patched:
        patched.setattr(sys, "stdout", stream)
        take_any_encoding()
        show()
        stream.flush()
    return stream.buffer.getvalue().decode(encoding)


def letters(text: str) -> Counter[str]:
    """Everything but white space and the lines of tables."""
    return Counter(re.sub(r"[\s\u2500-\u257f]", "", text))


def tables(text: str) -> Iterator[str]:
    """The lines of framed tables."""
    return (line for line in text.splitlines() if line[:1] in "┃│┏┡└├" and line)


@pytest.mark.parametrize("name", SCREENS)
def test_nothing_is_cut_off_in_sixty_columns(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    show = partial(SCREENS[name], tmp_path)
    wide = printed(show, WIDE, monkeypatch)
    narrow = printed(show, NARROW, monkeypatch)
    assert letters(narrow) == letters(wide)
    assert all(cell_len(line) <= NARROW for line in tables(narrow))
    # Whatever names hold, it steers no terminal and is no markup.
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f]", narrow)
    assert NAMES.get(name, visible(NASTY)) in wide


@pytest.mark.parametrize("encoding", ["cp932", "cp1252"])
@pytest.mark.parametrize("name", SCREENS)
def test_every_screen_prints_in_any_encoding(
    name: str, encoding: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert printed(partial(SCREENS[name], tmp_path), NARROW, monkeypatch, encoding)


def test_every_command_is_among_them() -> None:
    from ops.__main__ import _COMMANDS

    assert {name.partition(" ")[0] for name in SCREENS} == set(_COMMANDS)
