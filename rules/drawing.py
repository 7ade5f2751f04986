"""What the kinds' dashboards share: labels of lines, and the rules that belong on a graph."""

from collections.abc import Iterable, Sized

from cloudwatch.rule import AlarmRule


def with_key(rules: Iterable[AlarmRule], *keys: str) -> tuple[AlarmRule, ...]:
    """The rules with one of these alarm keys."""
    return tuple(rule for rule in rules if rule.key in keys)


def line_label(targets: Sized, name: str, what: str = "") -> str:
    """A line's label: the target's name only where there are several."""
    if len(targets) == 1:
        return what
    return f"{name} {what}".rstrip()
