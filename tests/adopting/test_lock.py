"""The lock files: what `pulumi up` needs and what builds it, each at one version with hashes."""

import re
import tomllib
from importlib import metadata

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

from stack.config import PROJECT

_LOCK = "\n".join(
    (PROJECT / name).read_text(encoding="utf-8")
    for name in ("requirements.lock", "requirements-build.lock")
)
_HASHES = r"(?: \\\n    --hash=sha256:[0-9a-f]{64})+"
_ENTRY = re.compile(rf"^([\w.-]+)==(\S+?)(?: ; .+?)?{_HASHES}$", re.MULTILINE)

LOCKED = {canonicalize_name(name): Version(version) for name, version in _ENTRY.findall(_LOCK)}
PACKAGE = tomllib.loads((PROJECT / "components/pyproject.toml").read_text(encoding="utf-8"))

# What is installed without its dependencies being asked for, and what builds it.
WANTED = [*PACKAGE["project"]["dependencies"], *PACKAGE["build-system"]["requires"]]


def test_every_entry_is_one_version_with_hashes() -> None:
    entries = re.findall(r"^[\w.-]+==", _LOCK, re.MULTILINE)
    assert len(entries) == len(LOCKED) > 20


@pytest.mark.parametrize("wanted", WANTED)
def test_the_component_packages_ranges_are_kept(wanted: str) -> None:
    requirement = Requirement(wanted)
    locked = LOCKED[canonicalize_name(requirement.name)]
    assert requirement.specifier.contains(locked), f"{wanted}, locked {locked}: make lock"


@pytest.mark.parametrize("name", LOCKED)
def test_what_a_locked_package_needs_is_locked(name: str) -> None:
    if metadata.version(name) != str(LOCKED[canonicalize_name(name)]):
        pytest.skip(f"{name} is installed at another version than the locked one")
    for text in metadata.requires(name) or []:
        requirement = Requirement(text)
        if requirement.marker is not None and not requirement.marker.evaluate({"extra": ""}):
            continue
        locked = LOCKED.get(canonicalize_name(requirement.name))
        assert locked is not None, f"{name} needs {text}: make lock"
        assert requirement.specifier.contains(locked, prereleases=True), f"{name} needs {text}"
