"""The shapes in which people have AWS's names, and the names that the metrics carry.

Forms of ARNs:
https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonelasticcontainerservice.html
https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonrds.html
https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoncloudwatchlogs.html
"""

import pytest
from pydantic import BaseModel, ValidationError

from ecs_monitoring.rules.identifiers import EcsCluster, EcsService, LogGroupName, RdsInstance

ECS = "arn:aws:ecs:ap-northeast-1:123456789012"
RDS = "arn:aws:rds:ap-northeast-1:123456789012"
LOGS = "arn:aws:logs:ap-northeast-1:123456789012"


class Names(BaseModel):
    cluster: EcsCluster = "shop"
    service: EcsService = "web"
    instance: RdsInstance = "django-db"
    group: LogGroupName = "/ecs/shop"


@pytest.mark.parametrize(
    ("field", "written", "name"),
    [
        ("cluster", "Shop_1-a", "Shop_1-a"),
        ("cluster", f"{ECS}:cluster/django-ecs-cluster", "django-ecs-cluster"),
        ("cluster", "arn:aws-cn:ecs:cn-north-1:123456789012:cluster/shop", "shop"),
        ("service", f"{ECS}:service/shop/web-service", "web-service"),
        ("service", f"{ECS}:service/web-service", "web-service"),
        ("instance", "django-db", "django-db"),
        ("instance", "Django-DB", "django-db"),
        ("instance", f"{RDS}:db:django-db", "django-db"),
        ("instance", "d" * 63, "d" * 63),
        ("group", f"{LOGS}:log-group:/ecs/django-app:*", "/ecs/django-app"),
        ("group", f"{LOGS}:log-group:/ecs/django-app", "/ecs/django-app"),
        ("group", "g" * 512, "g" * 512),
    ],
)
def test_what_says_the_name_becomes_the_name(field: str, written: str, name: str) -> None:
    assert getattr(Names.model_validate({field: written}), field) == name


@pytest.mark.parametrize(
    ("field", "written", "fix"),
    [
        ("cluster", f"{ECS}:service/shop/web", "cluster.name"),
        ("cluster", f"{RDS}:cluster:shop", "is no ARN of an ECS cluster"),
        ("cluster", "shop/web", "letters, digits, - and _"),
        ("cluster", "c" * 256, "up to 255"),
        ("cluster", "my shop", "letters, digits, - and _"),
        ("service", "django-ecs-cluster/django-app-service", "write django-app-service as the"),
        ("service", f"{ECS}:cluster/shop", "service.name"),
        ("service", f"{ECS}:service/other/web", "write cluster: other, or a service of shop"),
        ("service", f"{ECS}:service/a/b/c", "is no ARN of an ECS service"),
        ("service", "shop.web", "letters, digits, - and _"),
        ("instance", "db-ABCDEFGHIJKLMNOPQRSTUVWXYZ", "db.identifier"),
        ("instance", f"{RDS}:db:db-ABCDEFGHIJKLMNOPQRSTUVWXYZ", "db.identifier"),
        (
            "instance",
            "django-db.c0ffee0c0ffe.ap-northeast-1.rds.amazonaws.com",
            "write its identifier, django-db ",
        ),
        (
            "instance",
            "Django-DB.c0ffee0c0ffe.ap-northeast-1.rds.amazonaws.com:5432",
            "write its identifier, django-db ",
        ),
        (
            "instance",
            "shop.c0ffee0c0ffe.cn-north-1.rds.amazonaws.com.cn",
            "write its identifier, shop ",
        ),
        (
            "instance",
            "shop.cluster-ro-c0ffee0c0ffe.eu-west-1.rds.amazonaws.com",
            "is a cluster's endpoint: write the identifier of the instance",
        ),
        (
            "instance",
            "shop.proxy-c0ffee0c0ffe.eu-west-1.rds.amazonaws.com",
            "is a proxy's endpoint",
        ),
        ("instance", f"{RDS}:cluster:shop", "is no ARN of a database instance"),
        ("instance", "d" * 64, "up to 63"),
        ("instance", "1db", "a letter first"),
        ("instance", "django--db", "single hyphens"),
        ("instance", "django-db-", "single hyphens"),
        ("instance", "django_db", "letters, digits"),
        ("group", "/ecs/django-app:*", "write the group's name alone, /ecs/django-app"),
        ("group", f"{LOGS}:log-group:/ecs/a:log-stream:b", "is no log group"),
        ("group", f"{ECS}:cluster/shop", "is no ARN of a log group"),
        ("group", "g" * 513, "at most 512 characters"),
    ],
)
def test_what_does_not_say_it_is_refused_with_what_to_write(
    field: str, written: str, fix: str
) -> None:
    with pytest.raises(ValidationError) as refusal:
        Names.model_validate({field: written})
    assert fix in str(refusal.value)
