"""The metrics that each process counts. Imported only when METRICS_PORT is set.

No label names a tenant, a member, a customer or a host of theirs: each has a fixed, small set of values.
"""

from prometheus_client import Counter, Histogram

# Seconds: the upper ends of the buckets. A page should take less than 0.2 s, and gunicorn ends what takes 30 s.
_PAGE_BUCKETS = (0.025, 0.05, 0.1, 0.2, 0.3, 0.5, 1, 2.5, 5, 10)
# Due work may call others, for 100 s at most.
_WORK_BUCKETS = (0.01, 0.05, 0.1, 0.5, 1, 5, 10, 30, 100)

requests_total = Counter(
    "throughline_requests_total", "Requests answered, by route name and status.", ["route", "status"]
)
request_seconds = Histogram(
    "throughline_request_seconds", "Time from a request to its answer.", ["route"], buckets=_PAGE_BUCKETS
)
tasks_total = Counter("throughline_tasks_total", "Celery tasks that ended, by name and outcome.", ["task", "outcome"])
task_seconds = Histogram("throughline_task_seconds", "Duration of a Celery task.", ["task"], buckets=_WORK_BUCKETS)
replica_reads_total = Counter(
    "throughline_replica_reads_total", "Reads that may use the replica, by what read and outcome.", ["name", "outcome"]
)
work_total = Counter("throughline_work_total", "Rows of due work that ended, by kind and outcome.", ["kind", "outcome"])
work_seconds = Histogram(
    "throughline_work_seconds",
    "Duration of a batch of due work, or of one call to others.",
    ["kind"],
    buckets=_WORK_BUCKETS,
)
