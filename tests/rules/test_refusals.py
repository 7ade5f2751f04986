"""What is said of a target that cannot be, word for word: what it is, and what to write instead."""

from collections.abc import Callable, Mapping
from typing import Any

import pytest
from pydantic import ValidationError

from ecs_monitoring.rules import ALB, APP, ECS, LOGS, RDS
from ecs_monitoring.rules.health import HealthTarget
from ecs_monitoring.rules.plan import Kind

ARN = "arn:aws:{}:ap-northeast-1:123456789012:{}"
BLUE, GREEN = "targetgroup/blue/0123456789abcdef", "targetgroup/green/0123456789abcdef"
SERVERLESS: Mapping[str, Any] = {
    "engine": "aurora-postgresql",
    "instance_class": "db.serverless",
    "allocated_storage_gib": None,
    "max_connections": None,
}

NO_CLUSTER_ARN = (
    "is no ARN of an ECS cluster: write the cluster's name (in a Pulumi program: cluster.name) or "
    "arn:aws:ecs:<region>:<account>:cluster/<name>"
)
NO_CLUSTER = (
    "is no name of an ECS cluster: write up to 255 letters, digits, - and _ (in a Pulumi program: "
    "cluster.name)"
)
NO_SERVICE_ARN = (
    "is no ARN of an ECS service: write the service's name (in a Pulumi program: service.name) or "
    "arn:aws:ecs:<region>:<account>:service/<cluster>/<name>"
)
NO_SERVICE = (
    "is no name of an ECS service: write up to 255 letters, digits, - and _ (in a Pulumi program: "
    "service.name)"
)
NO_INSTANCE = (
    "is no identifier of a database instance: write up to 63 letters, digits and single hyphens, a "
    "letter first (in a Pulumi program: db.identifier)"
)
NO_DB_CLUSTER = (
    "is no identifier of a database cluster: write up to 63 letters, digits and single hyphens, a "
    "letter first (in a Pulumi program: cluster.cluster_identifier)"
)
ONE_EACH = "write the identifier of the instance to watch, one target for each instance"
NO_GROUP = (
    "is no target group: write targetgroup/<name>/<id> or its full ARN "
    "(arn:aws:elasticloadbalancing:<region>:<account>:targetgroup/<name>/<id>)"
)

REFUSED: list[tuple[Kind[Any], Mapping[str, Any], str]] = [
    (ECS, {"cluster": ARN.format("ecs", "service/web")}, NO_CLUSTER_ARN),
    (ECS, {"cluster": ARN.format("rds", "cluster/web")}, NO_CLUSTER_ARN),
    (ECS, {"cluster": ARN.format("ecs", "cluster/a/b")}, NO_CLUSTER),
    (ECS, {"cluster": "a.b"}, NO_CLUSTER),
    (ECS, {"service": ARN.format("ecs", "cluster/shop")}, NO_SERVICE_ARN),
    (ECS, {"service": ARN.format("ecs", "service/a/b/c")}, NO_SERVICE_ARN),
    (ECS, {"service": ARN.format("ecs", "service/a.b/c")}, NO_SERVICE_ARN),
    (ECS, {"service": ARN.format("ecs", "service")}, NO_SERVICE_ARN),
    (ECS, {"service": "a.b"}, NO_SERVICE),
    (ECS, {"service": "a/b.c"}, NO_SERVICE),
    (
        ECS,
        {"service": "shop/web"},
        "holds the cluster too: write web as the service, and the cluster in cluster (in a Pulumi "
        "program: service.name and cluster.name)",
    ),
    (
        ECS,
        {"cluster": "shop", "service": ARN.format("ecs", "service/other/web")},
        "is a service of the cluster other, and cluster says shop: write cluster: other, or a "
        "service of shop",
    ),
    (
        RDS,
        {"instance": "db-ABCDEFGHIJKLMNOPQRSTUVWXYZ"},
        "is the instance's resource id, which no metric has: write its identifier (in a Pulumi "
        "program: db.identifier)",
    ),
    (
        RDS,
        {"instance": "Main.c0ffee.eu-west-1.rds.amazonaws.com:5432"},
        "is the instance's endpoint: write its identifier, main (in a Pulumi program: "
        "db.identifier)",
    ),
    (
        RDS,
        {"instance": "main.cluster-ro-c0ffee.eu-west-1.rds.amazonaws.com"},
        f"is a cluster's endpoint: {ONE_EACH}",
    ),
    (
        RDS,
        {"instance": "main.PROXY-c0ffee.eu-west-1.rds.amazonaws.com"},
        f"is a proxy's endpoint: {ONE_EACH}",
    ),
    (
        RDS,
        {"instance": ARN.format("rds", "cluster:main")},
        "is no ARN of a database instance: write the instance's identifier, or "
        "arn:aws:rds:<region>:<account>:db:<identifier>",
    ),
    (RDS, {"instance": "1db"}, NO_INSTANCE),
    (RDS, {"instance": "d" * 64}, NO_INSTANCE),
    (
        RDS,
        {"cluster": "cluster-ABCDEFGHIJKLMNOPQRSTUVWXYZ"},
        "is the cluster's resource id, which no event has: write its identifier (in a Pulumi "
        "program: cluster.cluster_identifier)",
    ),
    (
        RDS,
        {"cluster": ARN.format("rds", "db:main")},
        "is no ARN of a database cluster: write the cluster's identifier, or "
        "arn:aws:rds:<region>:<account>:cluster:<identifier>",
    ),
    (RDS, {"cluster": "a_b"}, NO_DB_CLUSTER),
    (
        LOGS,
        {"group": ARN.format("ecs", "cluster/shop")},
        "is no ARN of a log group: write the group's name, or "
        "arn:aws:logs:<region>:<account>:log-group:<name>",
    ),
    (LOGS, {"group": "/ecs/a:*"}, "ends as an ARN: write the group's name alone, /ecs/a"),
    (LOGS, {"group": "a b"}, "is no log group: write letters, digits and _ - / . # only"),
    (LOGS, {"group": "g" * 513}, "write at most 512 characters"),
    (
        ALB,
        {"load_balancer": "net/a/1"},
        "is no application load balancer: write app/<name>/<id> or its full ARN "
        "(arn:aws:elasticloadbalancing:<region>:<account>:loadbalancer/app/<name>/<id>)",
    ),
    (ALB, {"target_groups": {"web": "web"}}, NO_GROUP),
    (ALB, {"target_groups": {"web": ARN.format("ecs", "targetgroup/web/1")}}, NO_GROUP),
    (ALB, {"target_groups": ["web"]}, NO_GROUP),
    (
        ALB,
        {"target_groups": [BLUE, BLUE.replace("0", "1")]},
        "two target groups share a name: write a mapping of name to target group",
    ),
    (
        ALB,
        {"target_groups": {"a b": BLUE}},
        "name 'a b': write letters, digits, _ and single hyphens (a mapping of name to target "
        "group, where the groups' own names are others)",
    ),
    (
        ALB,
        {"target_groups": {}, "alternate_target_groups": {"web": GREEN}},
        "alternate_target_groups has 'web', and target_groups has not: write the service's two "
        "target groups under one name in both (none yet)",
    ),
    (
        ALB,
        {"target_groups": {"a": BLUE, "b": GREEN}, "alternate_target_groups": {"web": GREEN}},
        "alternate_target_groups has 'web', and target_groups has not: write the service's two "
        "target groups under one name in both (a, b)",
    ),
    (
        ALB,
        {"target_groups": {"web": BLUE}, "alternate_target_groups": {"web": BLUE}},
        "alternate_target_groups and target_groups have the same group for 'web': write the "
        "service's other target group",
    ),
    (
        ALB,
        {"target_groups": {}, "per_target_group": True},
        "per_target_group: true has no target group to watch: add target_groups, or leave it out",
    ),
    (
        APP,
        {"service": ARN.format("ecs", "service/web")},
        "is an ARN, and the service is called as its own settings call it: write the SERVICE of "
        "DJANGO_MONITORING",
    ),
    (
        APP,
        {"service": "it's"},
        "has a single quote, for which no metric can be searched: leave it out",
    ),
    (APP, {"service": " web"}, "has blanks around it: no metric would ever match; remove them"),
    (
        RDS,
        {"max_allocated_storage_gib": 100},
        "max_allocated_storage_gib 100 leaves no room above allocated_storage_gib 100: write the "
        "ceiling of storage autoscaling, or leave it out",
    ),
    (
        RDS,
        {"min_acu": 0},
        "min_acu is the capacity of db.serverless, and instance_class is db.t4g.small: leave it "
        "out",
    ),
    (
        RDS,
        {"max_acu": 16},
        "max_acu is the capacity of db.serverless, and instance_class is db.t4g.small: leave it "
        "out",
    ),
    *(
        (
            RDS,
            {**SERVERLESS, "engine": engine},
            f"instance_class db.serverless is Aurora's, and engine is {engine}: write "
            f"aurora-{engine} or another class",
        )
        for engine in ("postgres", "mysql")
    ),
    (
        RDS,
        {**SERVERLESS, "engine": "mariadb"},
        "instance_class db.serverless is Aurora's: write another class",
    ),
    (
        RDS,
        {**SERVERLESS, "min_acu": 16.5, "max_acu": 16},
        "min_acu 16.5 is more than max_acu 16: write the cluster's range",
    ),
    (
        RDS,
        {**SERVERLESS, "storage_throughput_mibps": 500},
        "storage_throughput_mibps is a volume's, and Aurora has none: leave it out",
    ),
    (
        RDS,
        {"storage_type": "gp2", "iops": 3000},
        "iops is provisioned for gp3 and io1 and io2 volumes, and storage_type is gp2: leave it "
        "out",
    ),
    (
        RDS,
        {"storage_type": "io2", "storage_throughput_mibps": 500},
        "storage_throughput_mibps is provisioned for gp3 volumes, and storage_type is io2: leave "
        "it out",
    ),
    (
        RDS,
        {"storage_type": "gp3", "iops": 2999},
        "iops 2999 is less than any gp3 volume has: write 3000 or more",
    ),
]


@pytest.mark.parametrize(("kind", "fields", "says"), REFUSED)
def test_a_target_that_cannot_be(
    kind: Kind[Any], fields: Mapping[str, Any], says: str, target_of: Callable[..., Any]
) -> None:
    with pytest.raises(ValidationError) as refusal:
        target_of(kind, **fields)
    # A mistake of one field may be another's mistake, too.
    assert refusal.value.errors()[0]["msg"] == f"Value error, {says}"


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"url": "example.com"}, "is no URL to check: write https://<host>/<path>"),
        *(
            (
                {"url": f"https://{url}"},
                "write scheme, host, port and path alone: https://<host>/<path>",
            )
            for url in ("a@example.com", "example.com?a", "example.com#a")
        ),
        (
            {"url": f"https://{'a.' * 128}com"},
            "host and path have at most 255 characters each",
        ),
        (
            {"url": "https://web/"},
            "is a private host, which Route 53 cannot reach from outside: write a public host, "
            "https://<host>/<path>",
        ),
        (
            {"target_group": ARN.format("elasticloadbalancing", "targetgroup/a"), "verify": True},
            "is no target group ARN: write "
            "arn:aws:elasticloadbalancing:<region>:<account>:targetgroup/<name>/<id>",
        ),
        (
            {"verify": True, "url": "https://example.com"},
            "verify: true compares a target group: write its ARN in target_group",
        ),
        (
            {"target_group": ARN.format("elasticloadbalancing", "targetgroup/a/1")},
            "checks nothing: write a url, or a target_group with verify: true",
        ),
    ],
)
def test_a_check_that_cannot_be(fields: Mapping[str, Any], says: str) -> None:
    with pytest.raises(ValidationError) as refusal:
        HealthTarget.model_validate(fields)
    assert [error["msg"] for error in refusal.value.errors()] == [f"Value error, {says}"]
