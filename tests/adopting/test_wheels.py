"""``make dist``: wheels of both packages, and of the one that a release's tag names."""

import pytest

from stack.config import PROJECT
from tools.build_wheels import FOLDERS, TagError, folders


def test_without_a_tag_both_packages_are_built() -> None:
    assert folders(None) == [PROJECT / "components", PROJECT / "django_monitoring"]


@pytest.mark.parametrize("name", FOLDERS)
def test_a_tag_names_a_package_at_its_version(name: str) -> None:
    with pytest.raises(TagError) as raised:
        folders(f"{name}-v999.0")
    # What the message offers is accepted.
    offered = str(raised.value).rpartition(" or tag ")[2]
    assert folders(offered) == [PROJECT / FOLDERS[name]]


@pytest.mark.parametrize("tag", ["v1.0.0", "ops-v1.0.0", "components-1.0.0"])
def test_another_tag_is_refused(tag: str) -> None:
    with pytest.raises(TagError, match=r"write components-v1\.2\.3 or django-v1\.2\.3"):
        folders(tag)
