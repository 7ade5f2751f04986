"""Times in which something was wrong, and how firings relate to them."""

from collections.abc import Sequence

import numpy as np

from replay.curve import Incident
from replay.history import Bools, Ints


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


def before(incidents: Sequence[Incident], time: int) -> list[Incident]:
    """The incidents that were over at some time: nobody knows of the others yet."""
    return [incident for incident in incidents if incident.end < time]
