"""The tables of the settings and the runbooks' default lines come from models and rows."""

import pytest

from ecs_monitoring.rules import KINDS
from tools import docs
from tools.default_lines import default_line

ROWS = {row.key: (kind, row) for kind in KINDS for row in kind.rows}


@pytest.mark.parametrize(
    ("key", "line"),
    [
        (
            "ecs.cpu-high",
            "warning; `AWS/ECS` CPUUtilization Average >= 80 %; 300 s x 1; missing",
        ),
        (
            "alb.target-5xx-rate",
            "critical; 5xx rate (>= 20 requests), from HTTPCode_Target_5XX_Count and RequestCount "
            ">= 5 %; 60 s x 5 (3 of 5); notBreaching",
        ),
        (
            "alb.no-healthy-hosts",
            "critical; `AWS/ApplicationELB` HealthyHostCount Minimum < 1, for each target group; "
            "60 s x 2; breaching; when new, waits 15 min; needs health checks",
        ),
        (
            "health.endpoint-down",
            "critical; `AWS/Route53` HealthCheckStatus Minimum < 1; 60 s x 3; breaching; when new, "
            "waits for data 15 min; the alarm lives in us-east-1",
        ),
        (
            "rds.connections-high",
            "critical; `AWS/RDS` DatabaseConnections Average >= 80 % of max_connections; 60 s x 5; "
            "missing",
        ),
        (
            "rds.db-load",
            "warning; `AWS/RDS` DBLoad Average > the number of vCPUs; 60 s x 15; missing; needs "
            "Performance Insights",
        ),
        (
            "app.cache-hit-rate-low",
            "warning; off by default; cache hit rate, from CacheHits and CacheMisses < 50 %; "
            "300 s x 3; notBreaching",
        ),
    ],
)
def test_a_default_line_says_everything(key: str, line: str) -> None:
    assert default_line(*ROWS[key]) == line


def test_what_is_written_is_what_stands_there() -> None:
    assert docs.runbooks(docs.RUNBOOKS.read_text(encoding="utf-8")) == docs.RUNBOOKS.read_text(
        encoding="utf-8"
    )
    assert docs.settings(docs.SETTINGS.read_text(encoding="utf-8")) == docs.SETTINGS.read_text(
        encoding="utf-8"
    )


def test_the_pages_that_are_written_are_those_of_the_scenarios() -> None:
    text = docs.INCIDENTS.read_text(encoding="utf-8")
    assert docs.incidents(text) == text
    before, after = "2 pages | minute 16 | 0", "1 page | minute 16"
    assert f"(`slow-database`) | 1 | {before} | minute 23 | {after} |" in text


def test_another_threshold_in_the_text_is_a_difference() -> None:
    text = docs.RUNBOOKS.read_text(encoding="utf-8")
    edited = text.replace("CPUUtilization Average >= 80 %", "CPUUtilization Average >= 70 %")
    assert edited != text
    assert docs.runbooks(edited) == text


def test_every_section_of_the_settings_has_a_table() -> None:
    text = docs.SETTINGS.read_text(encoding="utf-8")
    for kind in KINDS:
        for field in kind.configured.model_fields:
            assert f"| `{field}` |" in text.split(f"<!-- fields of {kind.key} -->")[1]
