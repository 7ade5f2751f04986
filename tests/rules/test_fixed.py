"""Rules whose threshold no history moves."""

from ecs_monitoring.rules import KINDS
from ecs_monitoring.rules.fixed import FIXED


def test_they_are_rules_of_the_program() -> None:
    assert {key for kind in KINDS for key in kind.keys} >= FIXED
