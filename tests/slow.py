"""What `make quick` leaves out: tests that start servers, processes or engines, or take seconds.

The rest takes a minute and finds nearly every fault; `make mutation` measures that. A single slow
test in another file carries the mark by itself.
"""

from typing import Final

SLOW: Final = (
    # They start something: an emulator, a server, Pulumi's engine, other Python programs.
    "tests/account/coverage/test_changes.py",
    "tests/account/coverage/test_coverage.py",
    "tests/adding",
    "tests/adopting/test_mutants.py",
    "tests/adopting/test_own_stacks.py",
    "tests/examples",
    "tests/exports/grafana/test_schema.py",
    "tests/exports/new_relic/test_conditions.py",
    "tests/history/test_emulator.py",
    "tests/history/test_fetch_command.py",
    "tests/history/test_resume.py",
    "tests/drill/test_delivery.py",
    "tests/drill/test_emulator.py",
    "tests/ops/mute",
    "tests/account/iam",
    "tests/ops/preview/test_against.py",
    "tests/ops/preview/test_preview_command.py",
    "tests/ops/preview/test_stream_cost.py",
    "tests/ops/preview/test_verify.py",
    "tests/ops/preview/test_who.py",
    "tests/ops/review/test_emulator.py",
    "tests/ops/test_terminal.py",
    "tests/review/report/test_browser.py",
    "tests/sandbox",
    # They compare long histories, or run whole programs again and again.
    "tests/components/test_instances.py",
    "tests/components/test_team_delivery.py",
    "tests/ops/review/test_command.py",
    "tests/ops/suggest/test_command.py",
    "tests/ops/test_narrow.py",
    "tests/replay/test_calibrate.py",
    "tests/replay/test_fixed_thresholds.py",
    "tests/replay/test_levels.py",
    "tests/replay/test_long_windows.py",
    "tests/replay/test_parts.py",
    "tests/replay/test_promise.py",
    "tests/replay/test_same_as_evaluator.py",
    "tests/settings/test_alarm_numbers.py",
    "tests/settings/test_aws_names.py",
    "tests/settings/test_override_properties.py",
    "tests/settings/test_promise.py",
    "tests/settings/test_properties.py",
    "tests/settings/test_sections.py",
    "tests/stacks/test_dashboard_layout.py",
    "tests/stacks/test_large_stacks.py",
    "tests/stacks/test_names.py",
    "tests/stacks/test_other_targets.py",
    "tests/stacks/test_overrides.py",
    "tests/stacks/test_two_projects.py",
)
