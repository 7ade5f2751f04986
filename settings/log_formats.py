"""Log patterns that may not do as meant, given the format of the lines of their group."""

from collections.abc import Iterator

from ecs_monitoring.cloudwatch.log_pattern import doubts, parse_pattern
from ecs_monitoring.cloudwatch.log_pattern.syntax import JsonPattern
from ecs_monitoring.rules.log_concerns import LogFormat
from ecs_monitoring.rules.log_target import LogTarget
from settings.log_fields import misspelt
from settings.model import StackSettings


def doubtful_patterns(settings: StackSettings) -> Iterator[str]:
    """Patterns that are taken and may find nothing, or something else than they seem to.

    Such as one of JSON properties on lines of text: "To match log events in JSON format", and a
    line that is no JSON object has no properties.
    https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html
    """
    every = [pair for _, targets in settings.targets() for pair in targets.items()]
    for name, target in every:
        if not isinstance(target, LogTarget):
            continue
        own = [(("patterns", of, "pattern"), p.pattern) for of, p in target.patterns.items()]
        built_in = [(("built_in", of), pattern) for of, pattern in target.built_in.items()]
        is_json = target.format is LogFormat.JSON
        for place, pattern in (*own, *built_in):
            for doubt in doubts(pattern, is_json=is_json):
                hint = ""
                if not is_json and isinstance(parse_pattern(pattern), JsonPattern):
                    hint = (
                        f": write {settings.path('logs', name, 'format')}: json if the application "
                        "writes JSON, or else words to look for, such as ?PaymentFailed; "
                        "preview --verify tries it on the latest lines"
                    )
                yield f"{settings.path('logs', name, *place)} {doubt}{hint}"
            if is_json:
                for doubt in misspelt(pattern):
                    yield f"{settings.path('logs', name, *place)} {doubt}"
