"""Names that AWS gives: dimensions, ARNs of load balancers and target groups, tags, and targets."""

import json

import pytest

from tests.components.registered import by_key
from tests.settings.refusal import (
    ANY,
    Mistake,
    mistakes,
    problem_at,
    refused,
    run_changed,
)

ARN = "arn:aws:elasticloadbalancing:ap-northeast-1:123456789012"

# Every setting that becomes the value of a CloudWatch dimension.
DIMENSIONS = (
    *("ecs.web.cluster", "ecs.web.service", "rds.main.instance", "app.web.service"),
    *("alb.main.load_balancer", "alb.main.target_groups.web"),
)


@pytest.mark.parametrize("value", ["", " ", "\\t"], ids=["empty", "blank", "tab"])
@pytest.mark.parametrize("path", DIMENSIONS)
def test_a_dimension_is_not_blank(path: str, value: str) -> None:
    assert "write" in problem_at(refused(f'{path}="{value}"'), path).fix


@pytest.mark.parametrize("path", DIMENSIONS)
def test_a_dimension_is_ascii(path: str) -> None:
    value = {"load_balancer": "app/日本/1", "web": "targetgroup/日本/1"}.get(
        path.rpartition(".")[2], "日本"
    )
    Mistake(f"{path}={value}", path, value, "write printable ASCII characters").check()


@pytest.mark.parametrize("path", DIMENSIONS)
def test_a_dimension_has_1024_characters_at_most(path: str) -> None:
    start = {"load_balancer": "app/a/", "web": "targetgroup/a/"}.get(path.rpartition(".")[2], "")
    value = start + "a" * (1025 - len(start))
    problem = problem_at(refused(f"{path}={value}"), path)
    assert "1025 characters, write 1 to 1024" in problem.fix
    assert len(problem.value) < 100, "a long value is cut short"


@pytest.mark.parametrize("blanks", ["' web'", "'web '"])
def test_blanks_around_a_dimension_match_no_metric(blanks: str) -> None:
    problem = problem_at(refused(f"ecs.web.service={blanks}"), "ecs.web.service")
    assert "remove them" in problem.fix


def test_ecs_own_longest_names_are_fine() -> None:
    # Both have up to 255 characters:
    # https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_CreateService.html
    # https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_CreateCluster.html
    cluster, service = "c" * 255, "s" * 255
    run = run_changed(f"ecs.web.cluster={cluster}", f"ecs.web.service={service}")
    assert by_key(run)["ecs.cpu-high"].inputs["dimensions"] == {
        "ClusterName": cluster,
        "ServiceName": service,
    }


@pytest.mark.parametrize(
    "value",
    [
        "django-alb",
        "app/django-alb",
        "app//1234567890",
        "app/django-alb/1234567890/more",
        "net/django-nlb/1234567890",
        "targetgroup/django-tg/0123456789abcdef",
        f"{ARN}:loadbalancer/net/django-nlb/1234567890",
        f"{ARN}:targetgroup/django-tg/0123456789abcdef",
        f"{ARN}:app/django-alb/1234567890",
        "arn:aws:ec2:ap-northeast-1:123456789012:loadbalancer/app/django-alb/1234567890",
        "arn:aws:elasticloadbalancing:ap-northeast-1:12345:loadbalancer/app/django-alb/12345",
        "arn:aws:elasticloadbalancing:ap-northeast-1::loadbalancer/app/django-alb/1234567890",
        "arn:aws:elasticloadbalancing::123456789012:loadbalancer/app/django-alb/1234567890",
        f"{ARN}:loadbalancer/app/django-alb",
        "https://django-alb-1234567890.ap-northeast-1.elb.amazonaws.com/",
    ],
)
def test_a_load_balancer_is_its_suffix_or_its_arn(value: str) -> None:
    fix = "write app/<name>/<id> or its full ARN"
    Mistake(f"alb.main.load_balancer='{value}'", "alb.main.load_balancer", ANY, fix).check()


@pytest.mark.parametrize(
    "value",
    [
        "django-tg",
        "targetgroup/django-tg",
        "app/django-alb/1234567890",
        f"{ARN}:loadbalancer/app/django-alb/1234567890",
        f"{ARN}:targetgroup/django-tg",
        "arn:aws:ec2:ap-northeast-1:123456789012:targetgroup/django-tg/0123456789abcdef",
        "arn:aws:elasticloadbalancing:ap-northeast-1::targetgroup/django-tg/0123456789abcdef",
    ],
)
def test_a_target_group_is_its_suffix_or_its_arn(value: str) -> None:
    fix = "write targetgroup/<name>/<id> or its full ARN"
    path = "alb.main.target_groups.web"
    Mistake(f"{path}='{value}'", path, ANY, fix).check()
    in_a_list = refused(f"alb.main.target_groups=['{value}']")
    assert fix in problem_at(in_a_list, "alb.main.target_groups").fix


@mistakes(
    {
        "a list of groups of one name": Mistake(
            "alb.main.target_groups=[targetgroup/a/1, targetgroup/a/2]",
            "alb.main.target_groups",
            ["targetgroup/a/1", "targetgroup/a/2"],
            "write a mapping of name to target group",
        ),
        "a group's name with a blank": Mistake(
            "alb.main.target_groups={blue green: targetgroup/a/1}",
            "alb.main.target_groups",
            {"blue green": "targetgroup/a/1"},
            "name 'blue green': write letters, digits, _ and single hyphens",
        ),
    }
)
def test_target_groups_have_names_of_their_own(mistake: Mistake) -> None:
    mistake.check()


TARGETS = {
    "ecs": {"cluster": "c", "service": "s"},
    "alb": {"load_balancer": "app/a/1"},
    "rds": {
        "instance": "d",
        "engine": "mysql",
        "instance_class": "db.t3.micro",
        "allocated_storage_gib": 20,
    },
    "logs": {"group": "/ecs/django-app"},
    "app": {"service": "s"},
    "health": {"url": "https://www.example.com/"},
}
BAD_NAMES = ("a b", "a.b", "a@b", "a/b", "a--b", "-a", "a-", "日本", "")


@pytest.mark.parametrize("name", BAD_NAMES)
@pytest.mark.parametrize("section", TARGETS)
def test_a_target_s_name_is_letters_digits_and_single_hyphens(section: str, name: str) -> None:
    error = refused(f"{section}={json.dumps({name: TARGETS[section]})}")
    assert len(error.problems) == 1
    (problem,) = error.problems
    assert problem.path.startswith(f"django-ecs-monitoring:{section}")
    assert json.loads(problem.value) == name
    assert "write letters, digits, _ and single hyphens" in problem.fix


@pytest.mark.parametrize("name", ["web", "Web_2-blue", "0", "_", "a-b-c"])
def test_other_names_are_fine(name: str) -> None:
    run = run_changed(f"ecs={json.dumps({name: TARGETS['ecs']})}")
    assert by_key(run)["ecs.cpu-high"].inputs["tags"]["Target"] == name


# Keys of 1 to 128 characters, values of up to 256, no "aws:" in front in any case, and a set of
# characters: https://docs.aws.amazon.com/tag-editor/latest/userguide/best-practices-and-strats.html
LETTERS = "letters, digits, spaces and _ . : / = + - @"


@mistakes(
    {
        "AWS's own key": Mistake("tags={aws:x: a}", 'tags["aws:x"]', "aws:x", "start with aws:"),
        "AWS's own key, shouted": Mistake(
            "tags={AWS:x: a}", 'tags["AWS:x"]', "AWS:x", "start with aws:"
        ),
        "no key": Mistake("tags={'': a}", 'tags[""]', "", "write 1 to 128 characters"),
        "long key": Mistake(
            f"tags={{{'k' * 129}: a}}", f"tags.{'k' * 129}", ANY, "write 1 to 128 characters"
        ),
        "key with a semicolon": Mistake("tags={a;b: a}", 'tags["a;b"]', "a;b", LETTERS),
        "long value": Mistake(f"tags.Team={'v' * 257}", "tags.Team", ANY, "write up to 256"),
        "value with a semicolon": Mistake("tags.Team=a;b", "tags.Team", "a;b", LETTERS),
        # An alarm has 50 tags at most, some of which are this project's own.
        "too many": Mistake(
            f"tags={json.dumps({f't{n}': 'v' for n in range(51)})}", "tags", ANY, "write at most"
        ),
    }
)
def test_tags_are_what_aws_takes(mistake: Mistake) -> None:
    mistake.check()


def test_tags_at_the_limit_are_fine() -> None:
    tags = {"k" * 128: "v" * 256, "Empty": "", "チーム": "決済 A.b:c/d=e+f-g@h"}
    registered = by_key(run_changed(f"tags={json.dumps(tags)}"))["ecs.cpu-high"].inputs["tags"]
    assert tags.items() <= registered.items()
