"""Times in which something was wrong, and how firings relate to them."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from replay.history import Bools, Ints


@dataclass(frozen=True, slots=True)
class Incident:
    """A time in which something was wrong.

    Attributes:
        start: seconds since 1970 UTC.
        end: seconds since 1970 UTC.
        note: what it was.
    """

    start: int
    end: int
    note: str = ""


def inside(times: Ints, incidents: Sequence[Incident], grace: int = 0) -> Bools:
    """Whether each time is in any incident.

    Args:
        times: seconds since 1970 UTC, ascending.
        incidents: in any order; they may overlap.
        grace: seconds after an incident's end that still count as in it: an alarm that looks at
            several periods is on for as long after the last bad one.
    """
    is_inside = np.zeros(len(times), dtype=np.bool_)
    for incident in incidents:
        first, last = np.searchsorted(times, (incident.start, incident.end + grace + 1))
        is_inside[first:last] = True
    return is_inside


def caught(times: Ints, on: Bools, incidents: Sequence[Incident], grace: int = 0) -> list[Incident]:
    """The incidents in which an alarm was on.

    Args:
        times: of the evaluations, in seconds since 1970 UTC, ascending.
        on: whether the alarm was on after each.
        incidents: in any order.
        grace: as for ``inside``.
    """
    return [i for i in incidents if on[inside(times, [i], grace)].any()]


def during(incidents: Sequence[Incident], start: int, end: int) -> list[Incident]:
    """The incidents that reach into a time."""
    return [incident for incident in incidents if incident.end > start and incident.start <= end]


def before(incidents: Sequence[Incident], time: int) -> list[Incident]:
    """The incidents that were over at some time: nobody knows of the others yet."""
    return [incident for incident in incidents if incident.end < time]
