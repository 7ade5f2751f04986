"""What a system is that a stack can be exported to."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from exports.monitoring import StackMonitoring
from exports.result import Export


@dataclass(frozen=True, kw_only=True)
class ExportOption:
    """An option of a system, as the command takes it.

    Attributes:
        name: without the dashes, such as ``alerts``.
        help: what it does, for ``--help``.
        metavar: what its value is called; empty for one that is only given or not.
    """

    name: str
    help: str
    metavar: str = ""


Chosen = Mapping[str, str | bool]
"""The value of each option of the system: a text, empty if not given; or whether it was given."""


@dataclass(frozen=True, kw_only=True)
class System:
    """A system that takes a stack's alarms and graphs as files.

    Attributes:
        name: as the command has it, such as ``grafana``.
        title: as people write it, such as ``Grafana``.
        summary: what is written for it, in one line.
        description: what is written for it, for ``--help``.
        options: besides those of every system.
        write: makes the export. It is pure: same monitoring and options, same files. It raises
            ``ExportError`` where an option's value cannot be used.
        everything: example values of options with which it writes all that it can; the docs'
            tables and the tests are made with them.
    """

    name: str
    title: str
    summary: str
    description: str
    options: tuple[ExportOption, ...] = ()
    write: Callable[[StackMonitoring, Chosen], Export]
    everything: Chosen = field(default_factory=dict)

    def export(self, monitoring: StackMonitoring, given: Chosen) -> Export:
        """The export of a stack.

        Args:
            monitoring: what is exported.
            given: values of options; those left out are not given.

        Raises:
            ExportError: an option's value cannot be used.
        """
        unset: dict[str, str | bool] = {o.name: "" if o.metavar else False for o in self.options}
        return self.write(monitoring, {**unset, **given})


class ExportError(Exception):
    """Nothing was exported; the message says what to write instead."""
