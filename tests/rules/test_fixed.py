"""Rules whose threshold no history moves."""

from rules import KINDS
from rules.fixed import FIXED


def test_they_are_rules_of_the_program() -> None:
    assert {key for kind in KINDS for key in kind.keys} >= FIXED
