"""What a check is: a kind, a subject, and something that asks it."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field


class CheckFailedError(Exception):
    """A check found its subject not working, without an exception of the subject's own."""


@dataclass(frozen=True)
class CheckKind:
    """What can be asked. The settings name it by its key, and its subject by the key's value.

    Attributes:
        key: in the settings, such as ``DATABASE``.
        subject: what the value is, in the words of a message, such as ``<alias>``.
        mistake: what to write instead of a value that makes no sense; ``None`` for others.
        ask: from the check's settings, a function that raises where the answer is no.
        good: the answer's word for yes.
        bad: the answer's word for no.
        options: further keys in the settings, each with the words that it may have. The first one
            is the default.
    """

    key: str
    subject: str
    mistake: Callable[[str], str | None]
    ask: Callable[["CheckSettings"], Callable[[], None]]
    good: str = "ok"
    bad: str = "failed"
    options: Mapping[str, tuple[str, ...]] = field(default_factory=dict, hash=False)

    @property
    def example(self) -> str:
        """How a check of this kind is written."""
        return f'{{"{self.key}": "{self.subject}"}}'


@dataclass(frozen=True)
class CheckSettings:
    """One named check.

    Attributes:
        name: its key in the answer.
        kind: what it asks.
        subject: whom: an alias or a dotted path.
        deadline: seconds after which no answer is a no.
        interval: seconds from the start of an attempt to the start of the next.
        command_only: whether it is run by ``manage.py health`` alone, and when named.
        options: the words of the kind's options.
    """

    name: str
    kind: CheckKind
    subject: str
    deadline: float = 2.0
    interval: float = 10.0
    command_only: bool = False
    options: tuple[tuple[str, str], ...] = ()

    def option(self, key: str) -> str:
        """The word of one of the kind's options."""
        return dict(self.options).get(key, self.kind.options[key][0])


@dataclass(frozen=True)
class Check:
    """Something to ask again and again.

    Attributes:
        name: its key in the answer.
        run: asks; raises where the answer is no.
        deadline: seconds after which no answer is a no.
        interval: seconds from the start of an attempt to the start of the next.
        good: the answer's word for yes.
        bad: the answer's word for no.
    """

    name: str
    run: Callable[[], None]
    deadline: float
    interval: float
    good: str = "ok"
    bad: str = "failed"


def check_of(settings: CheckSettings) -> Check:
    """The check that some settings describe."""
    kind = settings.kind
    return Check(
        settings.name,
        kind.ask(settings),
        settings.deadline,
        settings.interval,
        good=kind.good,
        bad=kind.bad,
    )


def one_of(what: str, names: Iterable[str]) -> str:
    """The remedy for a value that has to be one of some."""
    return f"write {what}: {', '.join(names)}"
