"""What the review says on the terminal."""

from pathlib import Path

import pytest

from ops.review.screen import Screen
from review.stack_file import Edit
from tests.review import reviews, values
from tests.review.reviews import review
from tests.review.values import NASTY

REPORT = Path("review-prod.html")


@pytest.fixture
def shown(capsys: pytest.CaptureFixture[str]) -> list[str]:
    """The lines of the rich review; the standard output of a test is no terminal."""
    Screen(is_json=False).show(reviews.rich_review(), REPORT)
    return capsys.readouterr().out.splitlines()


def test_it_begins_with_what_was_reviewed_and_how_much_there_is_to_do(shown: list[str]) -> None:
    assert shown[0] == (
        "Review of project/prod from account 123456789012: 6 alarms, 2026-07-01 to 2026-09-29 "
        "(90 days)"
    )
    assert "6 things to change, 3 of them critical." in shown


def test_one_line_for_each_thing_to_change(shown: list[str]) -> None:
    begin = shown.index("6 things to change, 3 of them critical.") + 2
    lines = shown[begin : begin + 6]
    assert [line.split()[0] for line in lines] == ["critical"] * 3 + ["warning"] * 3
    assert lines[4] == (
        "  warning   Change its threshold: ecs.cpu-high@web  "
        "≥ 80 %, 1 of 1 × 1 min → ≥ 92 %, 3 of 5 × 1 min  "
        "firings 6 → 2, hours in ALARM 4.0 → 1.8, incidents caught 2 → 2 of 2, "
        "noticed after 7 to 11 min → 15 to 18 min"
    )
    assert "Watch it: ECS service worker (cluster main)" in lines[0]


def row(shown: list[str], address: str) -> list[str]:
    """An alarm's row of the table, cell by cell."""
    line = next(line for line in shown if line.startswith(f" {address}"))
    return [cell.strip() for cell in line.split("  ") if cell.strip()]


def test_the_headings_are_words(shown: list[str]) -> None:
    title = shown.index(next(line for line in shown if line.strip() == "Alarms"))
    assert [cell.strip() for cell in shown[title + 1].split("  ") if cell.strip()] == [
        "Alarm",
        "On when",
        "Recorded",
        "Would have fired",
        "Hours in ALARM",
        "Verdict",
    ]


def test_a_row_for_each_alarm(shown: list[str]) -> None:
    assert row(shown, "ecs.cpu-high@web") == [
        "ecs.cpu-high@web",
        "≥ 80 %, 1 of 1 × 1 min",
        "3",
        "6",
        "4.0",
        "→ ≥ 92 %, 3 of 5 × 1 min",
    ]
    assert row(shown, "alb.latency-p99@main/web")[2:5] == ["–", "≈ 40", "≈ 40"]
    assert row(shown, "alb.anomaly@main")[-1] == "could not be replayed"
    assert row(shown, "logs.errors@app")[2:] == ["–", "–", "–", "no data"]


def test_notes_and_the_report_come_last(shown: list[str]) -> None:
    assert "note: log groups could not be looked at: AccessDenied" in shown
    assert f"note: the archive's day 2026-07-09 was corrupt and fetched again {NASTY}" in shown
    assert (
        "Compared with the alarms: ECS services (3), RDS instances (2) in ap-northeast-1" in shown
    )
    assert shown[-1] == "Report: review-prod.html"


def test_names_are_no_markup(capsys: pytest.CaptureFixture[str]) -> None:
    made = review(values.alarm_review("ecs.[bold]x[/]@web", None, problem="[red]odd[/]"))
    Screen(is_json=False).show(made, REPORT)
    out = capsys.readouterr().out
    assert "ecs.[bold]x[/]@web" in out
    assert "[red]odd[/]." in out


def test_nothing_to_change_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    Screen(is_json=False).show(review(reviews.storage(), account=""), REPORT)
    out = capsys.readouterr().out
    assert out.startswith("Review of project/prod from files: 1 alarm,")
    assert "Nothing to change." in out


def test_with_json_people_read_the_standard_error(capsys: pytest.CaptureFixture[str]) -> None:
    Screen(is_json=True).show(reviews.rich_review(), REPORT)
    captured = capsys.readouterr()
    assert captured.out == ""
    assert "Report: review-prod.html" in captured.err


def test_an_edit_is_shown_as_a_diff(capsys: pytest.CaptureFixture[str]) -> None:
    change = Edit(
        path=Path("Pulumi.prod.yaml"), before="a: 1\n", after="a: [2]\n", notes=("b: no",)
    )
    Screen(is_json=False).edit(change)
    out = capsys.readouterr().out.splitlines()
    assert "-a: 1" in out
    assert "+a: [2]" in out
    assert "note: b: no" in out


def test_nothing_to_write_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    Screen(is_json=False).edit(Edit(path=Path("Pulumi.prod.yaml"), before="a: 1\n", after="a: 1\n"))
    assert "Nothing to write into Pulumi.prod.yaml." in capsys.readouterr().out


def test_candidates_stand_below_their_alarm(shown: list[str]) -> None:
    (at,) = [i for i, line in enumerate(shown) if line.split()[:1] == ["ecs.cpu-high@web"]]
    # The candidate has the first four of the six firings: 0.5, 1.5, 0.2 and 0.7 hours.
    assert " ".join(shown[at + 1].split()) == (
        "--set ecs.cpu-high.threshold=85 ≥ 85 %, 1 of 1 × 1 min 4 2.8"
    )
