"""A made-up kind is added to a copy of the project by the steps that CONTRIBUTING.md names."""

import shutil
from pathlib import Path

from tests.adding.copied import PACKAGE, alarms_of, insert, preview, resources

MADE_UP = Path(__file__).parent / "queue"


def add_rules(project: Path) -> None:
    """The sheet, the rules, and the kind in the one list of kinds."""
    shutil.copy(MADE_UP / "metrics.py", project / PACKAGE / "catalog/metrics/queue.py")
    shutil.copy(MADE_UP / "rules.py", project / PACKAGE / "rules/queue.py")
    kinds = project / PACKAGE / "rules/__init__.py"
    insert(
        kinds,
        "from ecs_monitoring.rules.rds import",
        "from ecs_monitoring.rules.queue import QUEUE\n",
    )
    insert(kinds, "APP, HEALTH)\n", "QUEUE, ")


def add_component(project: Path) -> None:
    """The component, and its import."""
    shutil.copy(MADE_UP / "component.py", project / PACKAGE / "queues.py")
    insert(
        project / PACKAGE / "__init__.py",
        "from ecs_monitoring.rds import",
        "from ecs_monitoring.queues import QueueMonitoring, QueueMonitoringArgs, QueueTargetArgs\n",
    )


def test_a_made_up_kind_is_watched(project: Path) -> None:
    add_rules(project)
    add_component(project)
    done = preview(project, "--set", "queue.work.queue=celery", "--json")
    (alarm,) = [a for a in alarms_of(done) if a["inputs"]["tags"]["AlarmKey"].startswith("queue.")]
    assert alarm["inputs"]["dimensions"] == {"QueueName": "celery"}
    assert alarm["inputs"]["threshold"] == 1000
    tags = alarm["inputs"]["tags"]
    assert (tags["AlarmKey"], tags["Target"], tags["Unit"]) == ("queue.backlog", "work", "Count")


def test_a_kind_whose_component_is_forgotten_is_an_error(project: Path) -> None:
    add_rules(project)
    done = preview(project, "--set", "queue.work.queue=celery")
    assert done.returncode != 0
    assert "no component watches the kind queue" in done.stdout + done.stderr


def test_a_kind_without_a_target_changes_nothing(project: Path) -> None:
    before = resources(preview(project, "--json"))
    add_rules(project)
    assert resources(preview(project, "--json")) == before
