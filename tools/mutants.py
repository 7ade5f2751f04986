"""Small changes of a module's source, each of which some test should notice."""

import ast
import copy
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Final

# Each comparison and operator becomes the one that is most often meant instead.
_SWAPPED: Final[dict[type[ast.AST], type[ast.AST]]] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.FloorDiv,
    ast.FloorDiv: ast.Mult,
    ast.Mod: ast.FloorDiv,
    ast.And: ast.Or,
    ast.Or: ast.And,
}

# Of zip() and TypeVar(): what holds of the values anyhow, so that without it nothing differs. Of
# field(): what a debugger shows.
_LEFT_ALONE: Final = ("strict", "bound", "repr")


@dataclass(frozen=True)
class Mutant:
    """One change.

    Attributes:
        path: the module, from the project's folder.
        line: where the change is.
        change: what was there, and what is there now.
        source: the whole module with the change.
    """

    path: str
    line: int
    change: str
    source: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.change}"


def count(path: Path) -> int:
    """How many mutants a module has."""
    return sum(1 for _ in _changes(_parsed(path)))


def mutant_of(path: Path, root: Path, number: int) -> Mutant:
    """One of a module's mutants, from 0 to ``count(path) - 1``."""
    tree = _parsed(path)
    parent, field, index, node, changed = next(islice(_changes(tree), number, None))
    _put(parent, field, index, changed)
    return Mutant(
        path=str(path.relative_to(root)),
        line=getattr(node, "lineno", 0),
        change=_words(node, changed),
        source=ast.unparse(tree) + "\n",
    )


def _parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


_Place = tuple[ast.AST, str, int | None, ast.AST]


def _changes(tree: ast.AST) -> Iterator[tuple[ast.AST, str, int | None, ast.AST, ast.AST]]:
    """Every change: where a node hangs, the node, and what it becomes."""
    for place in _places(tree):
        for changed in _variants(place[-1]):
            yield *place, changed


def _places(node: ast.AST) -> Iterator[_Place]:
    """Every node that says what happens when the program runs, with where it hangs."""
    for field, value in ast.iter_fields(node):
        # Types and decorators are checked by mypy, not by tests.
        if field in ("annotation", "returns", "decorator_list", "type_params", "bases"):
            continue
        for index, child in enumerate(value if isinstance(value, list) else [value]):
            if not isinstance(child, ast.AST) or getattr(child, "arg", None) in _LEFT_ALONE:
                continue
            yield node, field, index if isinstance(value, list) else None, child
            yield from _places(child)


def _put(parent: ast.AST, field: str, index: int | None, node: ast.AST) -> None:
    if index is None:
        setattr(parent, field, node)
    else:
        getattr(parent, field)[index] = node


def _variants(node: ast.AST) -> Iterator[ast.AST]:
    """What a node may become."""
    match node:
        case ast.Compare(ops=[operator]) if type(operator) in _SWAPPED:
            yield _with(node, ops=[_SWAPPED[type(operator)]()])
        case ast.BinOp(op=operator) | ast.BoolOp(op=operator) if type(operator) in _SWAPPED:
            yield _with(node, op=_SWAPPED[type(operator)]())
        case ast.UnaryOp(op=ast.Not() | ast.USub(), operand=operand):
            yield operand
        case ast.Constant(value=bool() as value):
            yield _with(node, value=not value)
        case ast.Constant(value=int() | float() as value):
            yield _with(node, value=value + 1)
        case ast.If(test=test) | ast.IfExp(test=test) if not isinstance(test, ast.Compare):
            yield _with(node, test=ast.UnaryOp(ast.Not(), test))
        case ast.Return(value=ast.AST() as value) if not isinstance(value, ast.Constant):
            yield _with(node, value=ast.Constant(None))
        case ast.Expr(value=ast.Call()):
            yield ast.copy_location(ast.Pass(), node)
        case ast.Call(keywords=keywords):
            for keyword in keywords:
                if keyword.arg not in (None, *_LEFT_ALONE):
                    yield _with(node, keywords=[other for other in keywords if other != keyword])


def _with(node: ast.AST, **fields: object) -> ast.AST:
    changed = copy.copy(node)
    for name, value in fields.items():
        setattr(changed, name, value)
    return changed


def _words(node: ast.AST, changed: ast.AST) -> str:
    if isinstance(node, ast.Call) and isinstance(changed, ast.Call):
        (dropped,) = (keyword for keyword in node.keywords if keyword not in changed.keywords)
        return f"{_short(node.func)}(...) without {_short(dropped)}"
    return f"{_short(node)} -> {_short(changed)}"


def _short(node: ast.AST) -> str:
    text = " ".join(ast.unparse(node).split())
    return text if len(text) <= 70 else f"{text[:67]}..."
