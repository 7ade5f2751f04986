"""Runs a review: evidence gathered, every alarm reviewed, coverage looked at, all of it shown."""

from typing import Final

EXIT_NOTHING: Final = 0
"""Exit code where there is nothing to do."""

EXIT_FINDINGS: Final = 1
"""Exit code where something should be changed or looked at."""

EXIT_REFUSED: Final = 2
"""Exit code where the review could not be made."""

EXIT_INTERRUPTED: Final = 130
"""Exit code after Ctrl-C: 128 and the signal's number, as shells have it."""

DELIVERY: Final = 900
"""Seconds before now at which a review ends: datapoints of the last minutes may not be there yet.

AWS names no bound; its services publish within a few minutes, so a quarter of an hour is a choice.
"""

_DAY: Final = 86_400

_LEAD_DAYS: Final = 2
"""Days before the stretch that are read too: evaluation ranges reach back to them, by a day and
two periods of at most a day each (https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-evaluation.html).
"""
