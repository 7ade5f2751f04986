"""What every metric sheet has to say."""

from dataclasses import replace

import pytest

from ecs_monitoring.catalog.metrics import SHEETS


def test_a_sheet_says_its_highest_value_or_why_there_is_none() -> None:
    (endless, bounded) = (
        SHEETS["AWS/ApplicationELB", "RequestCount"],
        SHEETS["AWS/RDS", "CPUUtilization"],
    )
    for wrong in ({"endless": ""}, {"highest": 1}):
        with pytest.raises(ValueError, match="RequestCount: write either its highest value, or"):
            replace(endless, **wrong)
    with pytest.raises(ValueError, match="CPUUtilization"):
        replace(bounded, endless="for ever")
