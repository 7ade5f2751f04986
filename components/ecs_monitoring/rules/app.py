"""The Django application's own metrics, as its middleware publishes them."""

from functools import partial
from typing import Final

from ecs_monitoring.catalog.metrics import app as metrics
from ecs_monitoring.cloudwatch.rule import MissingData, Severity
from ecs_monitoring.cloudwatch.units import Unit
from ecs_monitoring.rules.app_dashboard import app_dashboard
from ecs_monitoring.rules.app_target import HIT_RATE, AppTarget
from ecs_monitoring.rules.condition import at_least, below
from ecs_monitoring.rules.layer import Layer
from ecs_monitoring.rules.plan import Kind
from ecs_monitoring.rules.row import GUIDE, Math, Rule


def _runs_no_tasks(target: AppTarget) -> bool:
    return not target.background_tasks


# The application counts what happens: no data means that nothing happened.
_Rule = partial(
    Rule[AppTarget], missing=MissingData.NOT_BREACHING, source=f"{GUIDE}, custom metrics"
)

_OWN: Final = "docs/django.md"
"""What the Django package publishes beyond the guide's metrics."""

_Task = partial(
    Rule[AppTarget],
    missing=MissingData.NOT_BREACHING,
    unless={_runs_no_tasks: "no background tasks (background_tasks: false)"},
)

ROWS: Final[tuple[Rule[AppTarget], ...]] = (
    _Rule(
        "app.server-errors",
        Severity.WARNING,
        "Application server errors",
        on=metrics.STATUS_CODES["5xx"].sum,
        when=at_least(5),
        held="1 of 1 x 60 s",
        drawn_on="Status classes",
        judges_deployments=True,
        means="{where} answers with 5xx; look first at which routes fail.",
    ),
    _Rule(
        "app.latency-p95",
        Severity.WARNING,
        "Application slow",
        on=metrics.RESPONSE_TIME.percentile(95),
        when=at_least(2),
        held="5 of 5 x 60 s",
        drawn_on="Response time (p95)",
        judges_deployments=True,
        means="the slowest twentieth of the requests to {where} takes too long; look first at "
        "the slowest routes and their queries.",
    ),
    _Rule(
        "app.cache-hit-rate-low",
        Severity.WARNING,
        "Cache hit rate low",
        on=Math(
            reads={"hits": metrics.CACHE_HITS.sum, "misses": metrics.CACHE_MISSES.sum},
            expression=HIT_RATE.format(id="hits", misses="misses"),
            returns="rate",
            label="cache hit rate",
            unit=Unit.PERCENT,
            highest=100,
        ),
        when=below(50),
        held="3 of 3 x 300 s",
        drawn_on="Cache hit rate",
        means="most cache reads of {where} miss; look first at evictions and at whether keys "
        "or timeouts changed.",
        # A cold or unused cache is normal for many applications.
        enabled=False,
    ),
    Rule(
        "app.stuck",
        Severity.WARNING,
        "Requests hang",
        on=metrics.OLDEST_REQUEST_AGE.maximum,
        # After so many seconds without a byte a load balancer has given up, by its default.
        when=at_least(60),
        held="3 of 3 x 60 s",
        missing=MissingData.NOT_BREACHING,
        drawn_on="Oldest request",
        means="a request to {where} has no answer for a minute, and its client is gone; look "
        "first at which route it is, and at what that route waits for.",
        source="https://docs.aws.amazon.com/elasticloadbalancing/latest/application/"
        "edit-load-balancer-attributes.html#connection-idle-timeout",
    ),
    Rule(
        "app.threads-busy",
        Severity.WARNING,
        "All threads busy",
        on=metrics.THREADS_BUSY.average,
        when=at_least(95),
        held="5 of 5 x 60 s",
        missing=MissingData.NOT_BREACHING,
        drawn_on="Busy threads",
        means="nearly every thread of {where} answers a request, so that new ones wait; look "
        "first at whether requests hang, and only then at how many there are.",
        source=_OWN,
    ),
    Rule(
        "app.samples-dropped",
        Severity.WARNING,
        "Metrics are dropped",
        on=metrics.SAMPLES_DROPPED.sum,
        when=at_least(1),
        held="2 of 2 x 300 s",
        missing=MissingData.NOT_BREACHING,
        drawn_on="Dropped measurements",
        means="{where} could not publish a part of what it measured, so that the other alarms on "
        "it see less than happens; look first at the log's first line of django_monitoring.",
        source=_OWN,
    ),
    _Task(
        "app.task-failures",
        Severity.WARNING,
        "Background tasks fail",
        on=metrics.TASK_FAILURES.sum,
        when=at_least(5),
        held="1 of 1 x 300 s",
        drawn_on="Tasks",
        means="background tasks of {where} end in exceptions or with their process; look first "
        "at which tasks fail.",
        source=_OWN,
    ),
    _Task(
        "app.task-stuck",
        Severity.WARNING,
        "A background task hangs",
        on=metrics.OLDEST_TASK_AGE.maximum,
        # After so long Redis hands a task that is not acknowledged to another worker.
        when=at_least(3600),
        held="3 of 3 x 60 s",
        drawn_on="Oldest task",
        means="a background task of {where} runs for an hour, and may be run a second time; look "
        "first at which task it is, and at what it waits for.",
        source="https://docs.celeryq.dev/en/stable/getting-started/backends-and-brokers/"
        "redis.html#visibility-timeout",
    ),
    _Task(
        "app.queue-age",
        Severity.WARNING,
        "Background tasks wait",
        on=metrics.QUEUE_AGE.maximum,
        when=at_least(300),
        held="5 of 5 x 60 s",
        drawn_on="Age of the oldest task in a queue",
        means="background tasks of {where} wait for five minutes and more; look first at whether "
        "workers run, and at which tasks keep them busy.",
        source=_OWN,
    ),
    _Task(
        "app.queue-length",
        Severity.WARNING,
        "Task queue is long",
        on=metrics.QUEUE_LENGTH.maximum,
        when=at_least(1000),
        held="15 of 15 x 60 s",
        drawn_on="Tasks in a queue",
        means="more background tasks of {where} are sent than its workers get done; look first "
        "at which tasks are sent.",
        source=_OWN,
    ),
)


APP: Final = Kind(
    key="app",
    layer=Layer.APPLICATION,
    title="Applications",
    describes="Django services that publish metrics of their own.",
    target=AppTarget,
    rows=ROWS,
    dashboard=app_dashboard,
)
