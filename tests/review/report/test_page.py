"""The page as HTML: what it says, that nothing breaks out, and that it needs no network."""

import json
import re
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from urllib.parse import unquote

import pytest

from review.report import report_html, write_report
from tests.review import reviews
from tests.review.report.parsed import Element, parsed
from tests.review.reviews import review
from tests.review.values import NASTY


def section(page: Element, address: str) -> Element:
    """An alarm's section, by its heading."""
    return next(one for one in page.all("section", class_="alarm") if address in one.one("h3").text)


def table(within: Element, caption: str) -> list[list[str]]:
    """The texts of a table's cells, row by row."""
    found = next(t for t in within.all("table") if t.one("caption").text == caption)
    return [
        [cell.text for cell in row.children if isinstance(cell, Element)] for row in found.all("tr")
    ]


def test_the_first_page_says_whose_review_it_is(rich_page: Element) -> None:
    header = rich_page.one("header").text
    for words in (
        "project/prod",
        "6 things to change, 3 of them critical.",
        "0 pages instead of 40 and 2 firings instead of 46, with the same 2 of 2 incidents caught.",
        "6 alarms, 2026-07-01 to 2026-09-29 (90 days).",
        "Account 123456789012, ap-northeast-1.",
        "Times in Asia/Tokyo.",
        "Made 2026-09-29 10:30.",
    ):
        assert words in header


def test_the_first_page_has_the_overall_numbers(rich_page: Element) -> None:
    facts = rich_page.one("dl", class_="facts").all("div")
    assert [fact.text for fact in facts] == [
        "Pages ≈ 40 0 as suggested",
        "Firings ≈ 46 2 as suggested",
        "Hours in ALARM ≈ 44 1.8 as suggested",
        "Flapping ≈ 1 fired again within an hour",
        "Never fired 2 of 4 alarms",
        "Without data 1 of 6 alarms",
        "Coarse history 1 replayed from it (≈)",
    ]


def test_what_to_change_stands_before_everything_else(rich_page: Element) -> None:
    headings = [one.text for one in rich_page.all("h2")]
    assert headings == [
        "What to change",
        "Nothing to do",
        "Notifications by hour of day",
        "The alarms, one by one",
    ]
    entries = rich_page.one("ol", class_="entries").all("li")
    assert [entry.one("h3").text for entry in entries][:2] == [
        "critical Watch it: ECS service worker (cluster main)",
        "critical Change its threshold: alb.latency-p99@main/web",
    ]
    change = entries[4]
    assert "≥ 80 %, 1 of 1 × 1 min → to ≥ 92 %, 3 of 5 × 1 min" in change.text
    assert "firings 6 → to 2" in change.text
    assert "incidents caught 2 → to 2 of 2" in change.text


def test_settings_are_there_to_be_pasted_as_they_are(rich_page: Element) -> None:
    first = rich_page.one("ol", class_="entries").all("pre")[0]
    assert first.one("code").raw == reviews.COVERAGE.findings[0].settings
    assert any(hint.text.startswith("The lines belong") for hint in rich_page.all("p"))
    # Where there is something to do, but no line to write, nothing is said of lines.
    without = parsed(report_html(review(reviews.problematic())))
    assert without.all("ol", class_="entries")
    assert not any(hint.text.startswith("The lines belong") for hint in without.all("p"))


def test_notes_of_both_sources_are_shown(rich_page: Element) -> None:
    notes = [note.text for note in rich_page.one("ul", class_="notes").all("li")]
    assert notes == [
        f"the archive's day 2026-07-09 was corrupt and fetched again {NASTY}",
        "log groups could not be looked at: AccessDenied",
    ]


def test_the_rest_is_one_table(rich_page: Element) -> None:
    cells = table(rich_page, "Alarms with nothing to change")
    assert ["rds.storage-low@main", "< 10 GiB, 1 of 1 × 5 min", "0", "0"] in cells
    assert not any(row[0] == "ecs.cpu-high@web" for row in cells)


def test_what_was_looked_at_is_said(rich_page: Element) -> None:
    words = next(s for s in rich_page.all("section") if s.one("h2").text == "Nothing to do").text
    assert "ECS services (3), RDS instances (2) in ap-northeast-1" in words
    assert "RDS instance reports. An alarm that is not of this stack watches it." in words


def test_notifications_by_hour_are_a_table_too(rich_page: Element) -> None:
    cells = table(rich_page, "Notifications by hour of day, Asia/Tokyo")
    assert cells[0] == ["Hour", "critical", "warning"]
    assert cells[13] == ["12:00", "40", "0"]
    assert cells[3] == ["02:00", "0", "1"]


def test_every_alarm_has_a_section_in_order(rich_page: Element) -> None:
    found = [one.one("h3").text for one in rich_page.all("section", class_="alarm")]
    assert found == [
        "critical alb.latency-p99@main/web change",
        "warning alb.anomaly@main could not be replayed",
        "warning ecs.cpu-high@web change",
        f"warning ecs.memory-high@{NASTY} not enough history",
        "critical logs.errors@app no data",
        "critical rds.storage-low@main keep",
    ]


def test_a_section_has_the_evidence(rich_page: Element) -> None:
    found = section(rich_page, "ecs.cpu-high@web")
    assert "CPUUtilization Average >= 80 % → to ≥ 92 %, 3 of 5 × 1 min" in found.text
    assert "It would have caught the same 2 of 2 incidents." in found.text
    assert len(found.all("div", class_="chart")) == 2
    candidates = table(found, "What each definition did, or would have done")
    assert candidates[4] == [
        "suggested",
        "≥ 92 %",
        "3 of 5 × 1 min",
        "2",
        "1.8",
        "0",
        "40 days",
        "2",
        "2 of 2",
    ]
    weighed = table(
        found, "What no other choice beats in pages, incidents caught and delay at once"
    )
    assert weighed[2] == ["1 of 1", "95 %", "0.3", "1 of 2", "–", "∞"]
    assert "Judged on days not seen before" in found.text
    assert "What really happened" in found.text
    assert "Solid: now. Dashed: suggested. Thin: 2 of 3." in found.text


def test_without_incidents_nothing_is_said_of_them(rich_page: Element) -> None:
    found = section(rich_page, "alb.latency-p99@main/web")
    heading = table(found, "What each definition did, or would have done")[0]
    assert "Caught" not in heading
    assert "incident" not in found.text


def test_an_alarm_that_could_not_be_replayed_says_why(rich_page: Element) -> None:
    found = section(rich_page, "alb.anomaly@main")
    assert "Anomaly detection: only fixed thresholds can be evaluated." in found.text
    assert not found.all("table")
    assert not found.all("div", class_="chart")


def test_links_lead_somewhere(rich_page: Element) -> None:
    ids = [one.attributes["id"] for one in rich_page.all() if "id" in one.attributes]
    assert len(ids) == len(set(ids))
    targets = [one.attributes["href"] for one in rich_page.all("a")]
    assert targets
    for target in targets:
        assert target.startswith("#")
        assert target[1:] in ids
    assert any(unquote(one) == f"ecs.memory-high@{NASTY}" for one in ids)


def test_nothing_breaks_out(rich_html: str, rich_page: Element) -> None:
    assert NASTY not in rich_html
    assert not rich_page.all("img")
    # Plotly, the page's own script, and a figure a chart.
    charts = rich_page.all("div", class_="chart")
    assert len(rich_page.all("script")) == 2 + len(charts)
    assert rich_page.one("title").text == "Alarm review of project/prod"


def test_a_figure_survives_a_name_that_ends_scripts() -> None:
    page = parsed(report_html(review(replace(reviews.cpu(), condition=NASTY), stack=NASTY)))
    assert page.one("title").text == f"Alarm review of project/{NASTY}"
    for chart in page.all("div", class_="chart"):
        figure = json.loads(chart.one("script", type="application/json").raw)
        assert set(figure) == {"data", "layout"}


def test_nothing_is_loaded_from_anywhere(rich_page: Element) -> None:
    for element in rich_page.all():
        assert element.tag not in ("link", "iframe", "object", "embed", "base", "form")
        assert not {"src", "srcset", "background", "action"} & set(element.attributes)
    policy = rich_page.one("meta", http_equiv="Content-Security-Policy").attributes["content"]
    assert "default-src 'none'" in policy
    assert "http" not in policy
    styles = rich_page.one("style").raw
    assert "@import" not in styles
    assert "url(" not in styles


def test_the_page_can_be_read_aloud(rich_page: Element) -> None:
    assert rich_page.one("html").attributes["lang"] == "en"
    assert len(rich_page.all("h1")) == 1
    for chart in rich_page.all("div", class_="chart"):
        assert chart.attributes["role"] == "img"
        assert len(chart.attributes["aria-label"]) > 20
    for found in rich_page.all("table"):
        assert found.one("caption").text
        assert all(cell.attributes.get("scope") for cell in found.all("th"))
    levels = [int(one.tag[1]) for one in rich_page.all() if re.fullmatch("h[1-6]", one.tag)]
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_without_scripts_the_page_says_that_charts_are_missing(rich_page: Element) -> None:
    assert "charts need JavaScript" in rich_page.one("noscript").text


def test_files_alone_are_said_to_be_so() -> None:
    page = parsed(report_html(review(reviews.storage(), account="", regions=())))
    assert "From files, no account was asked." in page.one("header").text
    assert "Nothing to change." in page.one("h1").text


def test_no_notifications_are_no_chart() -> None:
    page = parsed(report_html(review(reviews.storage())))
    assert "Notifications by hour of day" not in [one.text for one in page.all("h2")]


def test_a_review_of_nothing_is_a_page() -> None:
    assert parsed(report_html(review())).one("h1").text == "Nothing to change."


def test_infinite_numbers_are_no_trouble() -> None:
    alarm = reviews.cpu()
    option = replace(alarm.suggestion.options[0], margin=float("nan"))
    made = replace(alarm, suggestion=replace(alarm.suggestion, options=(option,)))
    assert "unknown" in parsed(report_html(review(made))).text


def test_the_file_is_utf_8(tmp_path: Path, rich_html: str) -> None:
    write_report(reviews.rich_review(), tmp_path / "review.html")
    assert (tmp_path / "review.html").read_bytes() == rich_html.encode()


@pytest.mark.parametrize("count", [1, 2])
def test_counts_are_grammatical(count: int) -> None:
    alarm = replace(reviews.cpu(), incidents=reviews.INCIDENTS[:count])
    page = parsed(report_html(review(alarm)))
    summaries = [one.text for one in page.all("summary")]
    assert ("1 incident" if count == 1 else "2 incidents") in summaries
