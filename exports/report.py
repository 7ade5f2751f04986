"""What was not carried over, or is judged otherwise, as a page to read: left-out.md."""

from collections.abc import Iterator

from ecs_monitoring.words import counted
from exports.result import Carried, Export

LEFT_OUT = "left-out.md"
"""The page's file name."""


def left_out_page(export: Export, title: str) -> str:
    """The page of an export.

    Args:
        export: of what.
        title: the system as people write it.
    """
    return "\n".join(_lines(export, title)) + "\n"


def _lines(export: Export, title: str) -> Iterator[str]:
    monitoring = export.monitoring
    yield f"# {monitoring.name} for {title}: what to know"
    yield ""
    yield (
        f"{counted(len(monitoring.items), 'thing')} to carry over: "
        f"{len(export.carried)} carried over, {len(export.left_out)} left out."
    )
    if export.notes:
        yield ""
        yield from (f"- {note}" for note in export.notes)
    yield ""
    yield "## Left out"
    yield ""
    if export.left_out:
        yield "| what | why |"
        yield "| --- | --- |"
        yield from (f"| {_cell(str(o.item))} | {_cell(o.reason)} |" for o in export.left_out)
    else:
        yield "Nothing."
    yield ""
    yield "## Carried over, but not the same"
    yield ""
    differing = [carried for carried in export.carried if carried.differences]
    if not differing:
        yield "Nothing."
    for carried in differing:
        yield f"- **{carried.item}**{_judged(carried)}"
        yield from (f"  - {difference}" for difference in carried.differences)


def _judged(carried: Carried) -> str:
    if carried.judged is None:
        return ""
    how = carried.judged
    return f": {how.held}, over {how.window}; no data: {how.missing}; delay: {how.delay}"


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")
