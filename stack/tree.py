"""The resources of a run as a tree, the way ``pulumi preview`` draws it."""

from collections import defaultdict
from collections.abc import Iterator

from stack.program import ProgramRun, Registration


def tree_lines(run: ProgramRun, stack: str) -> Iterator[tuple[str, str]]:
    """Type (with the tree's branches) and name of every resource, depth first.

    Args:
        run: what the program registered.
        stack: what to call the root.
    """
    children: dict[str, list[Registration]] = defaultdict(list)
    urns = {registration.urn for registration in run.registrations}
    for registration in run.registrations:
        parent = registration.parent if registration.parent in urns else ""
        children[parent].append(registration)
    yield "pulumi:pulumi:Stack", stack
    yield from _below(children, "", "")


def short_type(token: str) -> str:
    """``aws:sns/topic:Topic`` as the Pulumi CLI writes it: ``aws:sns:Topic``."""
    package, module, name = token.split(":")
    return f"{package}:{module.split('/')[0]}:{name}"


def _below(
    children: dict[str, list[Registration]], urn: str, indent: str
) -> Iterator[tuple[str, str]]:
    below = sorted(children[urn], key=lambda r: (r.custom, r.type, r.name))
    for place, registration in enumerate(below, start=1):
        is_last = place == len(below)
        branch = "└─ " if is_last else "├─ "
        yield f"{indent}{branch}{short_type(registration.type)}", registration.name
        yield from _below(children, registration.urn, indent + ("   " if is_last else "│  "))
