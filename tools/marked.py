"""The part of a page that is written from code, between two marks."""

from collections.abc import Iterable, Sequence


def marked(text: str, begin: str, end: str, part: str, *, page: str) -> str:
    """A page with another part between two marks.

    Args:
        text: of the page.
        begin: the first mark.
        end: the second one, the next after the first.
        part: what is to stand between them.
        page: its name, for the error.

    Raises:
        SystemExit: the page has not both marks.
    """
    head, has_begin, rest = text.partition(begin)
    _, has_end, tail = rest.partition(end)
    if not has_begin or not has_end:
        raise SystemExit(f"{page} has no {begin} … {end}")
    return f"{head}{begin}\n{part}\n{end}{tail}"


def table(header: Sequence[str], rows: Iterable[Sequence[str]], rule: Sequence[str] = ()) -> str:
    """A table in Markdown.

    Args:
        header: of the columns.
        rows: of cells.
        rule: what stands under the header, where columns are not all alike.
    """
    under = rule or ("---",) * len(header)
    return "\n".join(f"| {' | '.join(row)} |" for row in (header, under, *rows))
