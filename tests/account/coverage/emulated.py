"""Puts what a shop runs on into the emulator."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from account.coverage.finding import Finding
from account.coverage.read import Coverage, read_coverage
from account.stack import StackPlace, find_alarms
from tests.account.coverage.values import LOGS, PLACE, in_ecs, pairs
from tests.account.emulated import HOME, Deployment, Emulated, session

RULES = ("errors", "exceptions", "database-errors", "security", "workers-killed")


@dataclass
class Shop:
    """Makes things that run in one region."""

    region: str = HOME

    def client(self, service: str) -> Any:
        return session().client(service, region_name=self.region, endpoint_url=None)

    def cluster(self, name: str, insights: str = "disabled") -> None:
        self.client("ecs").create_cluster(
            clusterName=name, settings=[{"name": "containerInsights", "value": insights}]
        )

    def service(
        self, cluster: str, name: str, *, desired: int = 2, groups: Sequence[str] = ()
    ) -> None:
        ecs = self.client("ecs")
        definition = ecs.register_task_definition(
            family=name,
            containerDefinitions=[
                {
                    "name": f"c{place}",
                    "image": "shop",
                    "memory": 512,
                    "logConfiguration": {
                        "logDriver": "awslogs",
                        "options": {"awslogs-group": group, "awslogs-region": self.region},
                    },
                }
                for place, group in enumerate(groups)
            ]
            or [{"name": "c", "image": "shop", "memory": 512}],
        )["taskDefinition"]["taskDefinitionArn"]
        ecs.create_service(
            cluster=cluster, serviceName=name, taskDefinition=definition, desiredCount=desired
        )

    def scales(self, cluster: str, name: str, least: int, most: int) -> None:
        self.client("application-autoscaling").register_scalable_target(
            ServiceNamespace="ecs",
            ResourceId=f"service/{cluster}/{name}",
            ScalableDimension="ecs:service:DesiredCount",
            MinCapacity=least,
            MaxCapacity=most,
        )

    def balancer(self, name: str, kind: str = "application") -> str:
        """Returns the ARN."""
        ec2 = self.client("ec2")
        vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
        subnets = [
            ec2.create_subnet(
                VpcId=vpc, CidrBlock=f"10.0.{i}.0/24", AvailabilityZone=f"{self.region}{zone}"
            )["Subnet"]["SubnetId"]
            for i, zone in enumerate("ac")
        ]
        answer = self.client("elbv2").create_load_balancer(Name=name, Subnets=subnets, Type=kind)
        return str(answer["LoadBalancers"][0]["LoadBalancerArn"])

    def group(self, name: str, balancer: str = "", targets: Sequence[str] = ()) -> str:
        """Returns the ARN."""
        elbv2 = self.client("elbv2")
        vpc = self.client("ec2").describe_vpcs()["Vpcs"][-1]["VpcId"]
        protocol = "TCP" if ":loadbalancer/net/" in balancer else "HTTP"
        arn = str(
            elbv2.create_target_group(
                Name=name, Protocol=protocol, Port=80, VpcId=vpc, TargetType="ip"
            )["TargetGroups"][0]["TargetGroupArn"]
        )
        if balancer:
            elbv2.create_listener(
                LoadBalancerArn=balancer,
                Protocol=protocol,
                Port=80,
                DefaultActions=[{"Type": "forward", "TargetGroupArn": arn}],
            )
        if targets:
            elbv2.register_targets(
                TargetGroupArn=arn, Targets=[{"Id": target, "Port": 80} for target in targets]
            )
        return arn

    def database(self, identifier: str, engine: str = "postgres", **changes: Any) -> None:
        self.client("rds").create_db_instance(
            **{
                "DBInstanceIdentifier": identifier,
                "Engine": engine,
                "DBInstanceClass": "db.r6g.large",
                **({} if "DBClusterIdentifier" in changes else {"AllocatedStorage": 100}),
                "MasterUsername": "shop",
                "MasterUserPassword": "not-a-secret",
                **changes,
            }
        )

    def replica(self, identifier: str, of: str) -> None:
        self.client("rds").create_db_instance_read_replica(
            DBInstanceIdentifier=identifier, SourceDBInstanceIdentifier=of
        )

    def database_cluster(self, identifier: str, engine: str = "aurora-postgresql") -> None:
        self.client("rds").create_db_cluster(
            DBClusterIdentifier=identifier,
            Engine=engine,
            MasterUsername="shop",
            MasterUserPassword="not-a-secret",
        )

    def log_group(self, name: str, **metrics: str) -> None:
        """A log group with filters: metric to namespace."""
        logs = self.client("logs")
        logs.create_log_group(logGroupName=name)
        for metric, namespace in metrics.items():
            logs.put_metric_filter(
                logGroupName=name,
                filterName=metric,
                filterPattern="ERROR",
                metricTransformations=[
                    {"metricName": metric, "metricNamespace": namespace, "metricValue": "1"}
                ],
            )

    def data(self, namespace: str, name: str, **dimensions: str) -> None:
        pairs = [{"Name": key, "Value": value} for key, value in dimensions.items()]
        self.client("cloudwatch").put_metric_data(
            Namespace=namespace,
            MetricData=[{"MetricName": name, "Value": 1, "Dimensions": pairs}],
        )


def ecs_alarms(deployment: Deployment, topic: str, service: str, target: str = "web") -> None:
    for rule, metric, statistic in (
        ("cpu-high", "CPUUtilization", "Average"),
        ("memory-high", "MemoryUtilization", "Average"),
        ("tasks-low", "CPUUtilization", "SampleCount"),
    ):
        deployment.alarm(
            f"ecs.{rule}@{target}",
            "critical",
            [topic],
            MetricName=metric,
            Statistic=statistic,
            Dimensions=pairs(in_ecs(service)),
        )


def open_shop(deployment: Deployment, key: str | None = None) -> Shop:
    """A shop of two services, of which the stack watches one, and what belongs to it."""
    filled = Shop()
    filled.log_group("/ecs/web", **{f"logs.app.{rule}": LOGS for rule in RULES})
    filled.log_group("/ecs/api")
    filled.cluster("main")
    filled.service("main", "web", groups=["/ecs/web"])
    filled.service("main", "api", desired=5, groups=["/ecs/api", "/ecs/none"])
    filled.scales("main", "api", 1, 9)
    topic = deployment.topic("critical", key=key)
    ecs_alarms(deployment, topic, "web")
    for rule in RULES:
        deployment.alarm(
            f"logs.{rule}@app",
            "critical",
            [topic],
            Namespace=LOGS,
            MetricName=f"logs.app.{rule}",
            Statistic="Sum",
            TreatMissingData="notBreaching",
        )
    filled.data("AWS/ECS", "CPUUtilization", **in_ecs())
    filled.data("AWS/ECS", "MemoryUtilization", **in_ecs())
    return filled


def read(place: StackPlace = PLACE, **options: Any) -> Coverage:
    """What the reader finds out."""
    account = Emulated()(None, None)
    caller = account.caller(place.first_region)
    found, _ = find_alarms(account, caller, place)
    return read_coverage(account, place, found, **{"now": datetime.now(UTC), **options})


def actionable(coverage: Coverage) -> dict[str, Finding]:
    """What there is to do, by id."""
    return {finding.id: finding for finding in coverage.findings if finding.is_actionable}
