"""An alarm's changes of state.

An alarm that flaps changes thousands of times a year, and most of what is asked of it, how often it
fired and how long it was on, is answered from columns: a change of its own is made for whoever
reads one.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final, NamedTuple, overload

import numpy as np

from ecs_monitoring.cloudwatch.alarm import AlarmState
from replay.history import Ints
from replay.states import CODES, States

_STATES: Final = {code: state for state, code in CODES.items()}


class Change(NamedTuple):
    """A change of state.

    Attributes:
        time: seconds since 1970 UTC.
        state: the state from then on.
        previous: the state before.
    """

    time: int
    state: AlarmState
    previous: AlarmState


@dataclass(frozen=True, eq=False, repr=False)
class Changes(Sequence[Change]):
    """Changes in the order of time, equal to the tuple of them.

    Attributes:
        times: in seconds since 1970 UTC.
        states: the state from each on.
        before: the state before the first one.
    """

    times: Ints
    states: States
    before: AlarmState

    @classmethod
    def of(cls, changes: Sequence[Change]) -> "Changes":
        """Changes as columns."""
        if isinstance(changes, Changes):
            return changes
        return cls(
            times=np.array([change.time for change in changes], dtype=np.int64),
            states=np.array([CODES[change.state] for change in changes], dtype=np.uint8),
            before=changes[0].previous if changes else AlarmState.INSUFFICIENT_DATA,
        )

    def __len__(self) -> int:
        return len(self.times)

    @overload
    def __getitem__(self, place: int) -> Change: ...
    @overload
    def __getitem__(self, place: slice) -> tuple[Change, ...]: ...
    def __getitem__(self, place: int | slice) -> Change | tuple[Change, ...]:
        return self._each[place]

    def __iter__(self) -> Iterator[Change]:
        return iter(self._each)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and self._each == tuple(other)

    def __hash__(self) -> int:
        return hash(self._each)

    def __repr__(self) -> str:
        return repr(self._each)

    @cached_property
    def _each(self) -> tuple[Change, ...]:
        states = [_STATES[code] for code in self.states.tolist()]
        previous = [self.before, *states]
        return tuple(map(Change, self.times.tolist(), states, previous))
