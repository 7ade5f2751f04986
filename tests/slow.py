"""What `make quick` leaves out: tests that start servers, processes or engines, or take seconds.

The rest takes about a minute and finds nearly every fault; `make mutation` measures that. A single
slow test in another file carries the mark by itself.
"""

from typing import Final

SLOW: Final = (
    # They start something: an emulator, a server, Pulumi's engine, other Python programs.
    "tests/account/coverage/test_changes.py",
    "tests/account/coverage/test_coverage.py",
    "tests/adding",
    "tests/adopting/test_own_stacks.py",
    "tests/examples",
    "tests/history/test_emulator.py",
    "tests/history/test_fetch_command.py",
    "tests/history/test_resume.py",
    "tests/ops/drill",
    "tests/ops/mute",
    "tests/ops/review/test_emulator.py",
    "tests/ops/policy",
    "tests/ops/preview",
    "tests/sandbox",
    # They compare long histories, or run whole programs again and again.
    "tests/cloudwatch/test_log_pattern_properties.py",
    "tests/components/test_health_check.py",
    "tests/components/test_instances.py",
    "tests/components/test_unknowns.py",
    "tests/history/test_merge.py",
    "tests/history/test_plan.py",
    "tests/ops/review/test_command.py",
    "tests/replay/test_curve.py",
    "tests/replay/test_levels.py",
    "tests/replay/test_long_windows.py",
    "tests/replay/test_noise.py",
    "tests/replay/test_parts.py",
    "tests/replay/test_promise.py",
    "tests/replay/test_same_as_evaluator.py",
    "tests/replay/test_suggest.py",
    "tests/replay/test_windows.py",
    "tests/rules/test_names.py",
    "tests/settings/test_alarm_numbers.py",
    "tests/settings/test_aws_names.py",
    "tests/settings/test_logs.py",
    "tests/settings/test_mutes.py",
    "tests/settings/test_override_properties.py",
    "tests/settings/test_promise.py",
    "tests/settings/test_properties.py",
    "tests/settings/test_rds.py",
    "tests/settings/test_review.py",
    "tests/settings/test_sections.py",
    "tests/settings/test_warnings.py",
    "tests/stacks/test_dashboard_layout.py",
    "tests/stacks/test_large_stacks.py",
    "tests/stacks/test_other_targets.py",
    "tests/stacks/test_overrides.py",
    "tests/stacks/test_secrets.py",
    "tests/stacks/test_two_projects.py",
)
"""Folders and files, from the project's folder."""
