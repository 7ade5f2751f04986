"""Which folder a metric is archived in."""

import pytest

from history.metric import ArchivedMetric
from tests.history.recorded import archived


def test_the_folder_says_what_it_holds() -> None:
    folder = archived(ClusterName="main").folder.parts
    assert folder[:3] == ("123456789012", "ap-northeast-1", "AWS_ECS")
    name, _, digest = folder[3].rpartition("-")
    assert name == "CPUUtilization"
    assert len(digest) == 12
    assert set(digest) <= set("0123456789abcdef")


@pytest.mark.parametrize(
    "other",
    [
        archived(ClusterName="main", ServiceName="api"),
        archived(ClusterName="main"),
        archived(ClusterName="Main", ServiceName="web"),
        archived("CPUReservation", ClusterName="main", ServiceName="web"),
        archived(region="us-east-1", ClusterName="main", ServiceName="web"),
    ],
)
def test_other_metrics_have_other_folders(other: ArchivedMetric) -> None:
    assert other.folder != archived(ClusterName="main", ServiceName="web").folder


def test_names_that_are_alike_when_made_safe_have_other_folders() -> None:
    assert archived("a/b").folder != archived("a b").folder


def test_the_order_of_dimensions_means_nothing() -> None:
    one = archived(ClusterName="main", ServiceName="web")
    other = archived(ServiceName="web", ClusterName="main")
    assert one.folder == other.folder


@pytest.mark.parametrize("name", ["../../etc/passwd", "a\\b", "a:b", "CON?", "x" * 255, "", "日本"])
def test_names_stay_within_the_archive(name: str) -> None:
    last = archived(name).folder.parts[-1]
    assert len(archived(name).folder.parts) == 4
    assert len(last) <= 100
    assert set(last) <= set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_")


def test_a_long_name_is_cut_off() -> None:
    name, _, digest = archived("x" * 255).folder.parts[-1].rpartition("-")
    assert (name, len(digest)) == ("x" * 80, 12)
    assert archived("x" * 80).folder.parts[-1].startswith(f"{name}-")


def test_json_brings_the_metric_back() -> None:
    metric = archived(ClusterName="main", ServiceName="web")
    assert ArchivedMetric.from_json(metric.as_json()) == metric


def test_words() -> None:
    metric = archived(ServiceName="web", ClusterName="main")
    assert metric.words == "AWS/ECS CPUUtilization (ClusterName=main, ServiceName=web)"
