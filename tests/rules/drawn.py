"""What a kind draws, in words: with all that its graphs say, and no more than fits into a line."""

from collections.abc import Container, Iterator

from ecs_monitoring.cloudwatch.graph import (
    DashboardPart,
    Graph,
    Line,
    LogTable,
    Panel,
    SearchGraph,
    Threshold,
)
from ecs_monitoring.cloudwatch.metric import Metric


def told(part: DashboardPart, expected: str) -> str:
    """A part in words, with all that its graphs say.

    Of the thresholds, those of rules that are expected somewhere: who adds a rule edits no test.
    """
    return "\n".join(_lines(part, set(expected.split()))) + "\n"


def _lines(part: DashboardPart, keys: Container[str]) -> Iterator[str]:
    for title, panels in (("", part.overview), *((s.title, s.widgets) for s in part.sections)):
        yield from [f"# {title}"] if title else []
        for panel in panels:
            yield from _panel(panel, keys)


def _panel(panel: Panel, keys: Container[str]) -> Iterator[str]:
    match panel:
        case Graph():
            days = f"{panel.days} days" if panel.days else ""
            said = (panel.title, f"{panel.period} s", panel.unit, panel.region, days)
            yield ", ".join(filter(None, said))
            for line in panel.lines:
                yield f"  {_line(line)}"
                yield from [f"    = {line.formula}"] if line.formula else []
            yield from (f"  {_threshold(line)}" for line in panel.thresholds if line.key in keys)
        case SearchGraph():
            yield panel.title
            for search in panel.searches:
                of = ",".join((search.namespace, *search.dimensions))
                yield f"  {search.metric} {search.statistic} {{{of}}} {dict(search.where)}"
        case LogTable():
            yield f"{panel.title} ({', '.join(panel.groups)})"
            for step in panel.query.split(" | "):
                yield f"  {step}".replace(" or (", "\n    or (").replace(", sum(", ",\n    sum(")
        case _:
            raise AssertionError(panel)


def _line(line: Line) -> str:
    read = [_metric(line.metric), *(f"{n} = {_metric(m)}" for n, m in line.others.items())]
    period = f"; {line.period} s" if line.period else ""
    return f"{line.label or '-'}: {', '.join(read)}{period}"


def _metric(metric: Metric) -> str:
    return f"{metric.name} {metric.statistic} {'+'.join(metric.dimensions.values())}".rstrip()


def _threshold(line: Threshold) -> str:
    of = ", ".join(line.targets)
    return f"{line.comparison.sign} {line.value:g} {line.schedule} {line.severity} {line.key} {of}"
