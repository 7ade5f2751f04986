"""What is drawn of Django services: the guide's metrics, background tasks, and what a log says."""

from collections.abc import Callable

from ecs_monitoring.cloudwatch.graph import DashboardPart
from ecs_monitoring.rules import APP
from tests.rules.drawn import told

# A graph has the shortest period of the alarms that are drawn on it, and five minutes without any;
# searches are written as {namespace and dimensions} and the values that these must have.
DRAWN = """\
# Application
Status classes, 60 s
  web 2xx: StatusCode_2xx Sum shop
  web 3xx: StatusCode_3xx Sum shop
  web 4xx: StatusCode_4xx Sum shop
  web 5xx: StatusCode_5xx Sum shop
  quiet 2xx: StatusCode_2xx Sum quiet
  quiet 3xx: StatusCode_3xx Sum quiet
  quiet 4xx: StatusCode_4xx Sum quiet
  quiet 5xx: StatusCode_5xx Sum quiet
  >= 5 1 of 1 x 60 s warning app.server-errors web, quiet
Response time (p95), 60 s
  web p95: ResponseTime p95 shop
  quiet p95: ResponseTime p95 quiet
  >= 2 5 of 5 x 60 s warning app.latency-p95 web, quiet
Cache hit rate, 300 s, %
  web hit rate: CacheHits Sum shop, misses = CacheMisses Sum shop
    = 100 * FILL({id}, 0) / (FILL({id}, 0) + FILL({misses}, 0))
  quiet hit rate: CacheHits Sum quiet, misses = CacheMisses Sum quiet
    = 100 * FILL({id}, 0) / (FILL({id}, 0) + FILL({misses}, 0))
User actions
  Actions Sum {Django/API,Service,Action} {'Service': 'shop'}
  Actions Sum {Django/API,Service,Action} {'Service': 'quiet'}
Failures by type
  Failures Sum {Django/API,Service,Type} {'Service': 'shop'}
  Failures Sum {Django/API,Service,Type} {'Service': 'quiet'}
# Application in progress
Requests in progress, 300 s
  web most in a process: RequestsInProgress Maximum shop
  quiet most in a process: RequestsInProgress Maximum quiet
Oldest request, 60 s
  web age: OldestRequestAge Maximum shop
  quiet age: OldestRequestAge Maximum quiet
  >= 60 3 of 3 x 60 s warning app.stuck web, quiet
Busy threads, 60 s
  web busy: ThreadsBusy Average shop
  quiet busy: ThreadsBusy Average quiet
  >= 95 5 of 5 x 60 s warning app.threads-busy web, quiet
Given up and broken off, 300 s
  web disconnects: Disconnects Sum shop
  web broken streams: StreamsBroken Sum shop
  quiet disconnects: Disconnects Sum quiet
  quiet broken streams: StreamsBroken Sum quiet
Dropped measurements, 300 s
  web dropped: SamplesDropped Sum shop
  quiet dropped: SamplesDropped Sum quiet
  >= 1 2 of 2 x 300 s warning app.samples-dropped web, quiet
# Background tasks
Tasks, 300 s
  runs: Tasks Sum shop
  failures: TaskFailures Sum shop
  retries: TaskRetries Sum shop
  >= 5 1 of 1 x 300 s warning app.task-failures web
Time of tasks (p95), 300 s
  run: TaskTime p95 shop
  in the queue: TaskWait p95 shop
Tasks in progress, 300 s
  in a process: TasksInProgress Maximum shop
Oldest task, 60 s
  age: OldestTaskAge Maximum shop
  >= 3600 3 of 3 x 60 s warning app.task-stuck web
Tasks in a queue, 60 s
  tasks: QueueLength Maximum shop
  >= 1000 15 of 15 x 60 s warning app.queue-length web
Age of the oldest task in a queue, 60 s
  age: QueueAge Maximum shop
  >= 300 5 of 5 x 60 s warning app.queue-age web
# Application by route
Requests by route
  Requests Sum {Django/API,Service,Method,Route} {'Service': 'shop'}
  Requests Sum {Django/API,Service,Method,Route} {'Service': 'quiet'}
Response time by route (p95)
  ResponseTime p95 {Django/API,Service,Method,Route} {'Service': 'shop'}
  ResponseTime p95 {Django/API,Service,Method,Route} {'Service': 'quiet'}
Status by route (/ecs/django-app)
  filter ispresent(Route) and Service in ["shop"]
  stats sum(Requests) as requests,
    sum(Status_2xx) as answered_2xx,
    sum(Status_3xx) as answered_3xx,
    sum(Status_4xx) as answered_4xx,
    sum(Status_5xx) as answered_5xx,
    sum(Status_disconnected) as disconnected,
    sum(Status_broken) as broken by Service, Method, Route
  sort answered_5xx desc, requests desc
  limit 50
"""


def test_two_services_of_which_one_runs_background_tasks_and_has_a_log(
    draw: Callable[..., DashboardPart],
) -> None:
    shop = {"service": "shop", "background_tasks": True, "log_group": "/ecs/django-app"}
    quiet = {"service": "quiet", "background_tasks": False, "log_group": None}
    assert told(draw(APP, web=shop, quiet=quiet), DRAWN) == DRAWN
