"""Settings of whole stacks for property tests: many targets with odd but valid names."""

from collections.abc import Callable
from typing import Any

from hypothesis import strategies as st

ACCOUNT = "123456789012"
KINDS = ("ecs", "alb", "rds", "logs", "app", "health")

# Names that are, or end like, names of rules: joined by hyphens they would collide.
_TRAPS = (
    *("web", "web-database", "database", "errors", "web-errors", "x-errors", "database-errors"),
    *("cpu", "high", "target-5xx", "web-target-5xx", "hosts", "web-unhealthy", "A", "a", "_", "0"),
)
NAMES = st.sampled_from(_TRAPS) | st.from_regex(
    r"[A-Za-z0-9_]{1,9}(-[A-Za-z0-9_]{1,5}){0,3}", fullmatch=True
)

# Printable ASCII without blanks around it.
_DIMENSIONS = st.text(
    st.characters(min_codepoint=0x20, max_codepoint=0x7E), min_size=1, max_size=40
).filter(lambda text: text == text.strip() != "")
_IDS = st.from_regex(r"[0-9a-f]{8,16}", fullmatch=True)
_AWS_NAMES = st.from_regex(r"[A-Za-z0-9]{1,8}(-[A-Za-z0-9]{1,8}){0,2}", fullmatch=True)
# https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_CreateService.html
_ECS_NAMES = st.from_regex(r"[A-Za-z0-9_-]{1,40}", fullmatch=True)
# https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBInstance.html
_RDS_IDENTIFIERS = st.from_regex(r"[a-z](-?[a-z0-9]){0,20}", fullmatch=True)
SEVERITIES = st.sampled_from(("critical", "warning"))
ENDING = st.sampled_from(("missing", "notBreaching"))
MISSING_DATA = st.sampled_from(("missing", "ignore", "breaching", "notBreaching"))


def elb(resource: str, region: str) -> str:
    return f"arn:aws:elasticloadbalancing:{region}:{ACCOUNT}:{resource}"


def fields(required: dict[str, Any], **optional: Any) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries(required, optional=optional)


# Made anew each time: whoever draws one may change it.
_OFF_HOURS = st.none() | st.builds(
    lambda: {"stop": "cron(0 20 ? * MON-FRI *)", "start": "cron(0 7 ? * MON-FRI *)"}
)

ECS = fields(
    {"cluster": _ECS_NAMES, "service": _ECS_NAMES},
    container_insights=st.booleans(),
    min_running_tasks=st.integers(0, 5000),
    minimum_healthy_percent=st.integers(0, 100),
    off_hours=_OFF_HOURS,
)
APP = fields(
    # The dashboard's searches stand in single quotes.
    {"service": _DIMENSIONS.filter(lambda text: "'" not in text)},
    background_tasks=st.booleans(),
    log_group=st.none() | st.just("/ecs/app"),
)


@st.composite
def balancers(draw: st.DrawFn) -> dict[str, Any]:
    def written(start: str, arn_start: str) -> str:
        suffix = f"{start}/{draw(_AWS_NAMES)}/{draw(_IDS)}"
        return elb(arn_start + suffix, "ap-northeast-1") if draw(st.booleans()) else suffix

    target: dict[str, Any] = {"load_balancer": written("app", "loadbalancer/")}
    names = draw(st.lists(NAMES, max_size=3, unique=True))
    if names:
        target["target_groups"] = {name: written("targetgroup", "") for name in names}
    if draw(st.booleans()):
        groups = [written("targetgroup", "") for _ in names]
        if len({group.split("/")[1] for group in groups}) == len(groups):
            target["target_groups"] = groups
    named = target.get("target_groups")
    if named:
        target["per_target_group"] = draw(st.booleans())
    if isinstance(named, dict):
        others = draw(st.lists(st.sampled_from(sorted(named)), unique=True))
        target["alternate_target_groups"] = {
            name: f"targetgroup/other-{draw(_AWS_NAMES)}/{draw(_IDS)}" for name in others
        }
    target["load_balancer_alarms"] = draw(st.booleans())
    target["off_hours"] = draw(_OFF_HOURS)
    return target


@st.composite
def databases(draw: st.DrawFn) -> dict[str, Any]:
    engine = draw(
        st.sampled_from(("postgres", "mysql", "mariadb", "aurora-postgresql", "aurora-mysql"))
    )
    target: dict[str, Any] = {
        "instance": draw(_RDS_IDENTIFIERS),
        "engine": engine,
        "instance_class": draw(
            st.sampled_from(
                ("db.t3.micro", "db.t4g.small", "db.m6g.large", "db.r7g.2xlarge", "db.x2g.16xlarge")
            )
        ),
        "read_replica": draw(st.booleans()),
        "performance_insights": draw(st.booleans()),
        "off_hours": draw(_OFF_HOURS),
    }
    if engine.startswith("aurora"):
        if draw(st.booleans()):
            capacity = draw(st.sampled_from(((0, 1), (0.5, 16), (2, 256), (8, 8))))
            target |= {"instance_class": "db.serverless"}
            target |= dict(zip(("min_acu", "max_acu"), capacity, strict=True))
    else:
        target["allocated_storage_gib"] = draw(st.integers(20, 65_536))
        target["storage_type"] = draw(st.sampled_from(("gp2", "gp3", "io1", "io2", "standard")))
        if target["storage_type"] in ("gp3", "io1", "io2") and draw(st.booleans()):
            target["iops"] = draw(st.integers(3000, 256_000))
        if target["storage_type"] == "gp3" and draw(st.booleans()):
            target["storage_throughput_mibps"] = draw(st.integers(125, 4000))
        if draw(st.booleans()):
            target["max_allocated_storage_gib"] = target["allocated_storage_gib"] * 2
    if engine == "aurora-mysql" or draw(st.booleans()):
        target["max_connections"] = draw(st.integers(1, 100_000))
    return target


@st.composite
def log_groups(draw: st.DrawFn, name: str) -> dict[str, Any]:
    built_in = ("errors", "exceptions", "database-errors", "security", "workers-killed")
    patterns = fields(
        {
            "pattern": st.sampled_from(
                ("?PaymentFailed", '"two words" -test', "{ $.level = 50 }", "[ip, status=5*]")
            )
        },
        threshold=st.integers(1, 1000),
        severity=SEVERITIES,
    )
    own = st.dictionaries(NAMES.filter(lambda found: found not in built_in), patterns, max_size=2)
    optional = {
        "format": st.sampled_from(("text", "json")),
        "patterns": own,
        "built_in": st.dictionaries(
            st.sampled_from(built_in), st.sampled_from(("Trouble", '"two words"')), max_size=2
        ),
        "retention_days": st.sampled_from((1, 30, 365, 3653)),
    }
    return draw(fields({"group": st.just(f"/ecs/{name}")}, **optional))


@st.composite
def health_checks(draw: st.DrawFn) -> dict[str, Any]:
    url = st.sampled_from(("https://www.example.com/health/", "http://shop.example.net:8080"))
    target: dict[str, Any] = {"url": draw(url)} if draw(st.booleans()) else {}
    if not target or draw(st.booleans()):
        group = f"targetgroup/{draw(_AWS_NAMES)}/{draw(_IDS)}"
        target |= {"target_group": elb(group, "ap-northeast-1"), "verify": True}
    return target


@st.composite
def alerts(draw: st.DrawFn, region: str, outside: bool) -> dict[str, Any]:
    mail = st.from_regex(r"[a-z]{1,8}@[a-z]{1,8}\.jp", fullmatch=True)
    url = st.builds("https://hooks.example.net/{}".format, _IDS)

    def arns(service: str) -> st.SearchStrategy[list[str]]:
        arn = st.builds(f"arn:aws:{service}:{region}:{ACCOUNT}:{{}}".format, _AWS_NAMES)
        return st.lists(arn, max_size=4, unique=True)

    def by_severity(values: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
        return st.dictionaries(SEVERITIES, values, min_size=1, max_size=2)

    # Always there: what is said of secrets is said of nothing without them.
    webhooks = by_severity(st.dictionaries(NAMES, url, min_size=1, max_size=2))
    optional: dict[str, st.SearchStrategy[Any]] = {
        "topic_name": st.from_regex(r"[A-Za-z0-9_-]{1,64}", fullmatch=True),
        "emails": by_severity(st.lists(mail, max_size=3, unique=True)),
        "queues": by_severity(arns("sqs")),
        "encryption": st.booleans(),
        "notify_on_recovery": st.lists(SEVERITIES, max_size=2, unique=True),
    }
    if not outside:
        # Alarms publish to topics of their own region alone, and outside checks have another.
        optional["topics"] = by_severity(arns("sns"))
    return draw(fields({"webhooks": webhooks}, **optional))


_SMALL = st.floats(0.01, 1) | st.just(1)
PERIODS = [60 * minutes for minutes in (1, 2, 3, 5, 10, 12, 15, 20, 30, 60)]


@st.composite
def overrides(draw: st.DrawFn, keys: list[str]) -> dict[str, Any]:
    """Overrides that are right for any rule: percentages, and windows within a day."""
    addresses = draw(st.lists(st.sampled_from(keys), max_size=4, unique=True)) if keys else []
    found: dict[str, Any] = {}
    for address in addresses:
        periods = draw(st.integers(1, 24))
        # Where tasks are counted by their samples, no task means no datapoint.
        is_floor = address.startswith("ecs.tasks-low")
        # Errors are published only where there are some: one of them breaches, and no data ends it.
        is_counted = address.partition("@")[0] in ("alb.target-5xx", "app.server-errors")
        found[address] = draw(
            fields(
                {
                    # Of every rule, some value is beyond these and some is not.
                    # A service may want one task, and then 1 of it missing is all.
                    "threshold": st.floats(0.01, 0.99) if is_floor else _SMALL,
                    # None lies partly in off hours, which begin and end at a whole hour.
                    "period": st.sampled_from(PERIODS),
                    "evaluation_periods": st.just(periods),
                    "datapoints_to_alarm": st.integers(1, periods),
                },
                treat_missing_data=st.just("breaching")
                if is_floor
                else ENDING
                if is_counted
                else MISSING_DATA,
                severity=SEVERITIES,
                enabled=st.booleans(),
                runbook=st.just("https://wiki.example.jp/here"),
            )
        )
    return found


REVIEW = fields(
    {"reminder": st.booleans()},
    link=st.sampled_from(("docs/review.md", "https://wiki.example.jp/review?page=1#how")),
    schedule=st.sampled_from(("cron(30 8 ? JAN,APR,JUL,OCT MON#1 *)", "rate(91 days)")),
    timezone=st.sampled_from(("UTC", "Asia/Tokyo", "America/Argentina/ComodRivadavia")),
)

_TAGS = st.dictionaries(
    st.from_regex(r"[A-Z][A-Za-z_.:/=+@-]{0,20}", fullmatch=True).filter(
        lambda key: not key.lower().startswith("aws:")
    ),
    st.text("aZ09 _.:/=+-@日本", max_size=20),
    max_size=5,
)

# One rule that every target of the kind has.
_RULES = {
    "ecs": ("ecs.cpu-high", "ecs.tasks-low"),
    "alb": ("alb.target-5xx", "alb.target-5xx-rate", "alb.latency-p99"),
    "rds": ("rds.cpu-high", "rds.connections-high", "rds.read-latency"),
    "logs": ("logs.errors", "logs.database-errors"),
    "app": ("app.server-errors", "app.cache-hit-rate-low"),
    "health": ("health.endpoint-down",),
}


@st.composite
def stacks(draw: st.DrawFn, region: str, only: tuple[str, ...] = KINDS) -> dict[str, Any]:
    """Settings that are valid as a whole, of some kinds of targets."""
    made: dict[str, Callable[[str], st.SearchStrategy[Any]]] = {
        "ecs": lambda name: ECS,
        "alb": lambda name: balancers(),
        "rds": lambda name: databases(),
        "logs": log_groups,
        "app": lambda name: APP,
        "health": lambda name: health_checks(),
    }
    settings: dict[str, Any] = {}
    for kind in draw(st.lists(st.sampled_from(only), min_size=1, max_size=4, unique=True)):
        names = draw(st.lists(NAMES, min_size=1, max_size=3, unique=True))
        settings[kind] = {name: draw(made[kind](name)) for name in names}
    keys = [rule for kind in settings for rule in _RULES[kind]]
    keys += [
        f"{rule}@{name}"
        for kind, found in settings.items()
        for name in found
        for rule in _RULES[kind]
    ]
    outside = any("url" in target for target in settings.get("health", {}).values())
    settings["alerts"] = draw(alerts(region, outside))
    settings["alarms"] = draw(overrides(keys))
    settings["review"] = draw(REVIEW)
    settings["tags"] = draw(_TAGS)
    return settings
