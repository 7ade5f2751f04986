"""HTML as a tree, by the standard library's parser, to look for what a report says."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Final

_VOID: Final = frozenset({"meta", "br", "img", "link", "input", "hr"})


@dataclass
class Element:
    """An element with its children; texts are strings among them."""

    tag: str
    attributes: dict[str, str]
    children: list["Element | str"] = field(default_factory=list, repr=False)

    def all(self, tag: str = "", **wanted: str) -> list["Element"]:
        """The elements below with a tag and attributes; ``class_`` means one of the classes."""
        return [one for one in self._below() if one._fits(tag, wanted)]

    def one(self, tag: str = "", **wanted: str) -> "Element":
        """The only such element."""
        found = self.all(tag, **wanted)
        assert len(found) == 1, (tag, wanted, len(found))
        return found[0]

    @property
    def text(self) -> str:
        """All text below, but for scripts and styles, with single spaces."""
        return " ".join("".join(self._texts()).split())

    @property
    def raw(self) -> str:
        """The text right below, as it is."""
        return "".join(one for one in self.children if isinstance(one, str))

    def _below(self) -> Iterator["Element"]:
        for child in self.children:
            if isinstance(child, Element):
                yield child
                yield from child._below()

    def _texts(self) -> Iterator[str]:
        for child in self.children:
            if isinstance(child, str):
                yield child
            elif child.tag not in ("script", "style"):
                yield from child._texts()
                yield " "

    def _fits(self, tag: str, wanted: dict[str, str]) -> bool:
        if tag and self.tag != tag:
            return False
        for name, value in wanted.items():
            found = self.attributes.get(name.rstrip("_").replace("_", "-"))
            if found is None or value not in ((found.split()) if name == "class_" else (found,)):
                return False
        return True


class _Parser(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.open = [Element("", {})]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {name: value or "" for name, value in attrs})
        self.open[-1].children.append(element)
        if tag not in _VOID:
            self.open.append(element)

    def handle_endtag(self, tag: str) -> None:
        assert self.open[-1].tag == tag, f"</{tag}> ends <{self.open[-1].tag}>"
        self.open.pop()

    def handle_data(self, data: str) -> None:
        self.open[-1].children.append(data)


def parsed(html: str) -> Element:
    """The document; every element must be closed where it was opened."""
    parser = _Parser()
    parser.feed(html)
    parser.close()
    assert len(parser.open) == 1, parser.open[-1].tag
    return parser.open[0]
