"""Log patterns that read what the lines of their group are said not to have."""

from collections.abc import Iterator

from ecs_monitoring.cloudwatch.log_pattern import parse_pattern
from ecs_monitoring.cloudwatch.log_pattern.syntax import JsonPattern
from ecs_monitoring.rules.log_concerns import LogFormat
from ecs_monitoring.rules.log_target import LogTarget
from settings.model import StackSettings


def json_patterns_on_text(settings: StackSettings) -> Iterator[str]:
    """Patterns of JSON properties, of groups whose lines are text: no such line matches them.

    "To match log events in JSON format": a line that is no JSON object has no properties.
    https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html
    """
    every = [pair for _, targets in settings.targets() for pair in targets.items()]
    for name, target in every:
        if not isinstance(target, LogTarget) or target.format is not LogFormat.TEXT:
            continue
        own = [(("patterns", of, "pattern"), p.pattern) for of, p in target.patterns.items()]
        built_in = [(("built_in", of), pattern) for of, pattern in target.built_in.items()]
        for place, pattern in (*own, *built_in):
            if isinstance(parse_pattern(pattern), JsonPattern):
                yield (
                    f"{settings.path('logs', name, *place)} reads properties of JSON objects, and "
                    f"the lines are text: write {settings.path('logs', name, 'format')}: json if "
                    "the application writes JSON, or else words to look for, such as "
                    "?PaymentFailed; preview --verify tries it on the latest lines"
                )
