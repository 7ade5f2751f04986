"""Whose alarms these are, and which are meant."""

import pytest

from account.alarms import NoSuchAlarmError, belongs, chosen
from tests.account.values import CRITICAL, alarm, topic

PREFIX = "django-ecs-monitoring-prod-"
TOPICS = {CRITICAL: topic()}


@pytest.mark.parametrize(
    ("rest", "key", "target", "ours"),
    [
        ("ecs-web-cpu-high", "ecs.cpu-high", "web", True),
        ("alb-main.web-unhealthy-hosts", "alb.unhealthy-hosts", "main/web", True),
        ("logs-web-database--errors", "logs.errors", "web-database", True),
        ("payments.ecs-web-cpu-high", "ecs.cpu-high", "web", True),
        # The prefix of stack prod begins the names of stack prod-eu too.
        ("eu-ecs-web-cpu-high", "ecs.cpu-high", "web", False),
        ("ecs-web-cpu-high", "", "", False),
        ("ecs-web-cpu-high", "ecs.cpu-high", "api", False),
        ("ecs-web-cpu-high", "rds.cpu-high", "web", False),
    ],
)
def test_an_alarm_belongs_by_its_tags(rest: str, key: str, target: str, ours: bool) -> None:
    tags = {"AlarmKey": key, "Target": target}
    assert belongs(f"{PREFIX}{rest}", PREFIX, tags) is ours


ALARMS = [
    alarm("ecs.cpu-high@web"),
    alarm("ecs.cpu-high@worker", severity="warning"),
    alarm("alb.unhealthy-hosts@main/web", severity="warning"),
    alarm("alb.unhealthy-hosts@main/admin", severity="warning"),
]


@pytest.mark.parametrize(
    ("wanted", "severity", "found"),
    [
        ([], None, [0, 1, 2, 3]),
        ([], "critical", [0]),
        (["ecs.cpu-high"], None, [0, 1]),
        (["ecs.cpu-high@worker"], None, [1]),
        (["ecs.cpu-high@worker", "alb.unhealthy-hosts@main/admin"], None, [1, 3]),
        (["alb.unhealthy-hosts@main"], None, [2, 3]),
        (["ecs.cpu-high"], "warning", [1]),
        ([ALARMS[0].name], None, [0]),
    ],
)
def test_alarms_are_chosen_by_key_address_name_and_severity(
    wanted: list[str], severity: str | None, found: list[int]
) -> None:
    assert chosen(ALARMS, wanted, severity) == [ALARMS[place] for place in found]


def test_an_unknown_alarm_is_an_error_with_the_nearest_known_one() -> None:
    with pytest.raises(NoSuchAlarmError, match=r'did you mean "ecs\.cpu-high@web"\?'):
        chosen(ALARMS, ["ecs.cpu-hihg@web"], None)
    with pytest.raises(NoSuchAlarmError, match=r"the stack has: alb\.unhealthy-hosts@main/admin, "):
        chosen(ALARMS, ["something-else"], None)


def test_nothing_of_a_severity_is_an_error() -> None:
    with pytest.raises(NoSuchAlarmError, match="none of these alarms is critical"):
        chosen(ALARMS, ["alb.unhealthy-hosts"], "critical")
