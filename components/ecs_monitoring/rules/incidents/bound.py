"""How late the first page of an incident can be."""

from collections.abc import Mapping, Sequence


def paged_within(
    waits: Mapping[str, int], silent_for: Mapping[str, Sequence[str]]
) -> dict[str, int]:
    """Seconds after its alarm within which each incident, or one that it is silent for, pages.

    An incident pages when it has waited, unless another that it is silent for has shown by then.
    That one has its own wait before it. So at the latest it is the sum of the waits along the
    longest way down, whatever shows when, as long as what is on is on for as long as it waits.

    Args:
        waits: each incident's own wait, in seconds.
        silent_for: each incident's causes, direct or not, by the same names.
    """
    within: dict[str, int] = {}

    def of(incident: str) -> int:
        if incident not in within:
            below = max((of(cause) for cause in silent_for[incident]), default=0)
            within[incident] = waits[incident] + below
        return within[incident]

    for incident in waits:
        of(incident)
    return within
