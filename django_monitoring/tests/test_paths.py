"""Which paths are left out of the metrics, and which are probes."""

import pytest

from django_monitoring.paths import exact_and_below, excluded_path_mistakes, health_paths


@pytest.mark.parametrize(
    ("path", "excluded"),
    [
        ("/livez", True),
        ("/livez/", False),
        ("/livez/deeper", False),
        ("/static/", True),
        ("/static/site.css", True),
        ("/static/a/b.css", True),
        ("/static", False),
        ("/statics/", False),
    ],
)
def test_a_path_is_meant_exactly_and_a_star_means_everything_below(
    path: str, excluded: bool
) -> None:
    exact, below = exact_and_below(["/livez", "/static/*"])
    assert (path in exact or path.startswith(below)) is excluded


def test_no_paths_at_all() -> None:
    assert exact_and_below([]) == (frozenset(), ())


def test_what_is_no_path_is_left_out_of_the_health_paths() -> None:
    found = health_paths({"LIVE_PATHS": ["/up", 5, "down"], "READY_PATHS": "/ready"})
    assert (found.live, found.ready) == ({"/up"}, frozenset())


@pytest.mark.parametrize("path", ["static/*", "/*", "/a?b", "/a#b", "/a**", None])
def test_what_is_no_path_is_refused(path: object) -> None:
    (mistake,) = excluded_path_mistakes("EXCLUDED_PATHS", [path])
    assert str(mistake).startswith(f"EXCLUDED_PATHS has {path!r}: write a list of paths")
