"""A report and a browser, made once."""

from collections.abc import Iterator

import pytest

from review.report import report_html
from tests.review.report.browser import Pipe, chromium, find_chromium
from tests.review.report.parsed import Element, parsed
from tests.review.reviews import rich_review


@pytest.fixture(scope="session")
def rich_html() -> str:
    """The report of the review that has one of everything."""
    return report_html(rich_review())


@pytest.fixture(scope="session")
def rich_page(rich_html: str) -> Element:
    """The same as a tree."""
    return parsed(rich_html)


@pytest.fixture(scope="session")
def browser() -> Iterator[Pipe]:
    """A running Chromium, where there is one."""
    executable = find_chromium()
    if executable is None:
        pytest.skip("there is no Chromium on this machine (Debian's package is chromium)")
    with chromium(executable) as pipe:
        yield pipe
