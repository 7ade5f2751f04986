"""The report in a real Chromium: light and dark, on a desk and on a phone, and on paper."""

import base64
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.review.report.browser import Page, Pipe, new_page
from tests.review.report.looks import LOOKS
from tests.review.report.png import colours

CHARTS = "document.querySelectorAll('.chart').length"
DRAWN = "document.querySelectorAll('.chart[data-drawn]').length"

DESK, PHONE = 1280, 390


@dataclass
class Seen:
    """A report as it was seen.

    Attributes:
        scheme: ``light`` or ``dark``.
        width: of the screen, in CSS pixels.
        page: still open.
        looks: what the script in ``looks`` measured.
    """

    scheme: str
    width: int
    page: Page
    looks: dict[str, Any]


@pytest.fixture(scope="module")
def report(rich_html: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("report") / "review.html"
    path.write_text(rich_html, encoding="utf-8")
    return path


@pytest.fixture(
    scope="module",
    params=[("light", DESK), ("dark", DESK), ("light", PHONE), ("dark", PHONE)],
    ids=lambda param: f"{param[0]}-{param[1]}",
)
def seen(request: pytest.FixtureRequest, browser: Pipe, report: Path) -> Iterator[Seen]:
    """The report with every chart drawn: the screen is as high as the page."""
    scheme, width = request.param
    with new_page(browser) as page:
        page.emulate(scheme=scheme, width=width)
        page.open(report)
        page.run("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
        height = page.run("document.documentElement.scrollHeight")
        page.emulate(scheme=scheme, width=width, height=height)
        page.wait_for(f"{DRAWN} === {CHARTS}")
        yield Seen(scheme, width, page, page.run(LOOKS))


def test_every_chart_is_drawn(seen: Seen) -> None:
    charts = seen.looks["charts"]
    assert len(charts) == 8
    for chart in charts:
        assert chart["failed"] is None
        assert chart["paths"] > 0
        assert chart["texts"] > 0
        assert chart["width"] <= seen.width


def test_nothing_goes_wrong(seen: Seen) -> None:
    assert seen.page.complaints() == []
    assert seen.page.run("document.title") == "Alarm review of project/prod"


def test_nothing_is_asked_of_any_network(seen: Seen) -> None:
    assert seen.page.requested() == []


def test_the_theme_is_the_readers(seen: Seen) -> None:
    """By what is painted: the background is nearly white, or nearly black."""
    painted = colours(seen.page.screenshot(clip=(0, 0, 12, 12)))
    assert len(painted) == 1
    (background,) = painted
    assert min(background) > 240 if seen.scheme == "light" else max(background) < 40


def test_charts_are_painted(seen: Seen) -> None:
    where = seen.looks["charts"][1]
    clip = (where["left"] + 80, where["top"] + 20, 150, 150)
    assert len(colours(seen.page.screenshot(clip=clip))) > 5


def test_the_page_is_no_wider_than_the_screen(seen: Seen) -> None:
    assert seen.looks["scroll_width"] <= seen.looks["inner_width"] == seen.width


def test_every_text_stands_out_from_its_background(seen: Seen) -> None:
    """By WCAG's formula; 4.5 is its level AA for text of any size."""
    assert seen.looks["texts"] > 200
    assert seen.looks["faint"] == []


def test_no_text_of_a_chart_is_cut_off(seen: Seen) -> None:
    assert seen.looks["clipped"] == []


def test_no_texts_of_a_chart_stand_on_each_other(seen: Seen) -> None:
    assert seen.looks["overlapping"] == []


def test_charts_far_below_wait_until_they_are_scrolled_to(browser: Pipe, report: Path) -> None:
    with new_page(browser) as page:
        page.emulate(scheme="light", width=DESK)
        page.open(report)
        assert page.run(DRAWN) < page.run(CHARTS)
        last = "[...document.querySelectorAll('.chart')].at(-1)"
        assert page.run(f"{last}.dataset.drawn") is None
        page.run(f"{last}.scrollIntoView()")
        page.wait_for(f"{last}.dataset.drawn === 'yes'")


def test_the_theme_can_change_while_the_page_is_open(browser: Pipe, report: Path) -> None:
    with new_page(browser) as page:
        text = "getComputedStyle(document.querySelector('.chart .annotation-text')).fill"
        page.emulate(scheme="light", width=DESK, height=4000)
        page.open(report)
        page.wait_for("document.querySelector('.chart .annotation-text')")
        light = page.run(text)
        page.emulate(scheme="dark", width=DESK, height=4000)
        page.wait_for(f"{text} !== {light!r}")
        page.emulate(scheme="light", width=DESK, height=4000)
        page.wait_for(f"{text} === {light!r}")


def test_on_paper_everything_is_there_in_dark_on_light(browser: Pipe, report: Path) -> None:
    with new_page(browser) as page:
        page.emulate(scheme="dark", width=DESK)
        page.open(report)
        page.run(
            "addEventListener('beforeprint', () => { window.printed = {"
            f" drawn: {DRAWN}, charts: {CHARTS},"
            " closed: document.querySelectorAll('details:not([open])').length,"
            " text: getComputedStyle(document.body).color,"
            " wide: Math.max(...[...document.querySelectorAll('.chart svg')]"
            ".map((one) => one.getBoundingClientRect().width)) }; })"
        )
        paper = base64.b64decode(page.call("Page.printToPDF")["data"])
        assert paper.startswith(b"%PDF")
        printed = page.run("window.printed")
        assert printed["drawn"] == printed["charts"]
        assert printed["closed"] == 0
        assert printed["text"] == "rgb(26, 31, 38)"
        # Between the margins of A4 at 96 pixels an inch: 794 less 2 x 0.4 inches.
        assert printed["wide"] <= 717
        # And as it was afterwards.
        assert page.run("document.querySelectorAll('details[open]').length") == 0
        assert page.run("getComputedStyle(document.body).color") != "rgb(26, 31, 38)"
