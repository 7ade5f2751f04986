"""docs/runbooks.md: one section a rule, each with the same four parts, every link alive."""

import re
from pathlib import Path

import pytest

from ecs_monitoring.rules import EVENTS, KINDS
from ecs_monitoring.rules.incidents.composites import RUNBOOK
from ecs_monitoring.rules.plan import RUNBOOKS

PAGE = Path(__file__).parents[2] / RUNBOOKS
KEYS = [*(key for kind in KINDS for key in kind.keys), *EVENTS]
COMPOSITES = [RUNBOOK]
FENCE = re.compile(r"^ *(```|~~~)")


def prose(text: str) -> str:
    """The text without its blocks of code, whose lines are no Markdown."""
    kept: list[str] = []
    fenced = False
    for line in text.splitlines():
        if FENCE.match(line):
            fenced = not fenced
        elif not fenced:
            kept.append(line)
    assert not fenced, "a block of code without an end"
    return "\n".join(kept)


TEXT = prose(PAGE.read_text(encoding="utf-8"))
HEADINGS = re.findall(r"^(#+) (.+)$", TEXT, re.MULTILINE)


def sections() -> dict[str, str]:
    """The page's sections of the second level, by heading."""
    pieces = re.split(r"^## (.+)$", TEXT, flags=re.MULTILINE)
    return dict(zip(pieces[1::2], pieces[2::2], strict=True))


def slug(heading: str) -> str:
    """The anchor that GitHub gives a heading.

    https://docs.github.com/en/get-started/writing-on-github/getting-started-with-writing-and-formatting-on-github/basic-writing-and-formatting-syntax#section-links
    """
    return re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-")


@pytest.mark.parametrize(
    ("heading", "anchor"),
    [
        ("ecs.cpu-high", "ecscpu-high"),
        ("How to use this", "how-to-use-this"),
        ("Names & severity", "names--severity"),
    ],
)
def test_slugs_are_githubs(heading: str, anchor: str) -> None:
    assert slug(heading) == anchor


def test_there_is_one_section_a_rule_and_nothing_else() -> None:
    headings = [heading for level, heading in HEADINGS if level == "##"]
    assert headings == [*KEYS, *COMPOSITES]


def test_anchors_are_unique() -> None:
    anchors = [slug(heading) for _, heading in HEADINGS]
    assert sorted(set(anchors)) == sorted(anchors)


def test_every_link_within_the_page_leads_somewhere() -> None:
    anchors = {slug(heading) for _, heading in HEADINGS}
    links = re.findall(r"\]\(#([^)]+)\)", TEXT)
    assert links
    assert [link for link in links if link not in anchors] == []


def test_links_say_where_they_lead() -> None:
    by_anchor = {slug(key): key for key in KEYS}
    for words, anchor in re.findall(r"\[([^\]]+)\]\(#([^)]+)\)", TEXT):
        if anchor in by_anchor:
            assert by_anchor[anchor] in (words, f"{by_anchor[anchor].split('.')[0]}.{words}")


def test_every_section_is_in_the_contents() -> None:
    before = TEXT.partition("\n## ")[0]
    linked = re.findall(r"\]\(#([^)]+)\)", before)
    assert [a for a in map(slug, [*KEYS, *COMPOSITES]) if a not in linked] == []


PARTS = ("Default", "Meaning", "Likely causes", "Check first", "Silence or tune")


@pytest.mark.parametrize("key", KEYS)
def test_each_section_has_its_parts_in_order(key: str) -> None:
    named = re.findall(r"^\*\*([A-Z][a-z ]+)[.:]?\*\*", sections()[key], re.MULTILINE)
    assert tuple(named) == PARTS


@pytest.mark.parametrize("key", KEYS)
def test_no_part_is_empty(key: str) -> None:
    section = sections()[key]
    texts = re.split(
        r"^\*\*(?:Default|Meaning|Likely causes|Check first|Silence or tune)[.:]?\*\*",
        section,
        flags=re.MULTILINE,
    )
    assert all(len(part.split()) >= 5 for part in texts[1:])


@pytest.mark.parametrize("key", KEYS)
def test_three_things_are_checked_first(key: str) -> None:
    checks = sections()[key].split("**Check first**")[1].split("**Silence or tune.**")[0]
    assert re.findall(r"^(\d+)\. ", checks, re.MULTILINE) == ["1", "2", "3"]


@pytest.mark.parametrize("key", KEYS)
def test_no_section_leads_to_itself(key: str) -> None:
    assert f"(#{slug(key)})" not in sections()[key]
