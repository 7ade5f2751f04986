"""All findings of one region, from what was read there."""

from ops.coverage.finding import Finding, worst_first
from ops.coverage.gone import gone
from ops.coverage.muted import muted
from ops.coverage.quiet_logs import quiet_groups
from ops.coverage.silence import silent
from ops.coverage.unwatched import unwatched
from ops.coverage.view import RegionView


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
