"""The table of docs/exports.md: rule by rule, how each system judges it.

Made of what an export of the example's production stack says, with everything that each system
can write.
"""

from collections.abc import Iterator
from typing import Final

from exports.monitoring import ExportedRule, Item
from exports.plain.writer import schema_text
from exports.reading import monitoring_of
from exports.result import Carried, Export
from exports.system import System
from exports.systems import SYSTEMS
from stack.config import EXAMPLES, read_stack_config
from stack.program import run_program
from tools.marked import marked, table

BEGIN: Final = "<!-- how each system judges each rule -->"
END: Final = "<!-- end of how each system judges each rule -->"


def page(text: str) -> str:
    """The page with its table as the exports have it."""
    return marked(text, BEGIN, END, "\n".join(_parts()), page="docs/exports.md")


def schema(_: str = "") -> str:
    """The schema of rules as plain JSON."""
    return schema_text()


class _Notes:
    """Sentences by number, each once, in the order in which they come up."""

    def __init__(self) -> None:
        self.sentences: dict[str, int] = {}

    def references(self, sentences: tuple[str, ...]) -> str:
        numbers = (self.sentences.setdefault(s, len(self.sentences) + 1) for s in sentences)
        return ", ".join(map(str, sorted(numbers)))


class _Column:
    """What one system makes of each rule."""

    def __init__(self, system: System, export: Export) -> None:
        self.title = system.title
        self.notes = _Notes()
        self._carried = {entry.item: entry for entry in export.carried}
        self._left_out = {entry.item: entry.reason for entry in export.left_out}

    @property
    def judges(self) -> bool:
        """Whether the system judges any alarm itself."""
        return any(carried.judged for carried in self._carried.values())

    def cell(self, item: Item) -> str:
        if item in self._left_out:
            return f"left out ({self.notes.references((self._left_out[item],))})"
        return self._judged(self._carried[item])

    def _judged(self, carried: Carried) -> str:
        if carried.judged is None:
            return "shown only"
        how = carried.judged
        references = self.notes.references(carried.differences)
        notes = f" ({references})" if references else ""
        return f"{how.held}, {how.window}; no data: {how.missing}; {how.delay} late{notes}"


def _parts() -> Iterator[str]:
    """The table, and under it the notes of each of its columns."""
    config = read_stack_config("prod", directory=EXAMPLES)
    monitoring = monitoring_of(run_program(config), config)
    every = (_Column(system, system.export(monitoring, system.everything)) for system in SYSTEMS)
    columns = [column for column in every if column.judges]
    header = ("rule", "CloudWatch", *(column.title for column in columns))
    yield table(header, (_row(rule, columns) for rule in monitoring.rules))
    for column in columns:
        yield ""
        yield f"{column.title}:"
        yield ""
        for sentence, number in column.notes.sentences.items():
            yield f"{number}. {sentence[:1].upper()}{sentence[1:].rstrip('.')}."


def _row(exported: ExportedRule, columns: list[_Column]) -> tuple[str, ...]:
    rule = exported.rule
    cloudwatch = (
        f"{rule.breaching_datapoints} of {rule.evaluation_periods}, {rule.period} s, every 60 s; "
        f"no data: {rule.treat_missing_data.value}"
    )
    return (f"`{rule.address}`", cloudwatch, *(column.cell(exported.item) for column in columns))
