"""All findings of one region, from what was read there."""

from account.coverage.finding import Finding, worst_first
from account.coverage.gone import gone
from account.coverage.muted import muted
from account.coverage.quiet_logs import quiet_groups
from account.coverage.silence import silent
from account.coverage.unwatched import unwatched
from account.coverage.view import RegionView


def region_findings(view: RegionView) -> tuple[Finding, ...]:
    """What runs and is not watched, what is watched in vain, and what nobody would hear.

    Args:
        view: everything that was read.

    Returns:
        The worst first.
    """
    return worst_first(
        [
            *unwatched(view),
            *gone(view),
            *silent(view),
            *quiet_groups(view),
            *muted(view),
        ]
    )
