"""A file of leads as the page and a worker bring it in: read, checked, half imported, cancelled, finished, undone.

Run by bench_import inside a process of its own, whose peak memory it tells; prints one line of JSON.
"""

import json
import os
import resource
import sys
from pathlib import Path
from time import monotonic
from typing import Any

import django


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "crm.config.settings")
    django.setup()
    from crm.platform.models import Tenant
    from crm.platform.tenancy.context import use_tenant
    from crm.platform.work.runs import cancel, start, undo
    from leads.importing import runs
    from leads.models import ImportRun

    slug, path = sys.argv[1], Path(sys.argv[2])
    tenant = Tenant.objects.get(slug=slug)
    seconds: dict[str, float] = {}
    with path.open("rb") as file, use_tenant(tenant):
        began = monotonic()
        pk = runs.receive(file, path.name, by=None, size=path.stat().st_size).pk
        seconds["receiving"] = monotonic() - began

    def run() -> ImportRun:
        with use_tenant(tenant):
            found: ImportRun = ImportRun.objects.get(pk=pk)
            return found

    if run().status == "reading":
        seconds["reading"] = _work(run, until={"checking", "checked"})
    seconds["checking"] = _work(run, until={"checked"})
    told: dict[str, Any] = {"rows": run().rows, "would": _counts(run())}
    with use_tenant(tenant):
        start(run(), by=None)
    seconds["first half"] = _work(run, until={"done"}, rows=told["rows"] // 2)
    with use_tenant(tenant):
        cancel(run(), by=None)
    told["cancelled at"] = run().done
    with use_tenant(tenant):
        start(run(), by=None)
    seconds["second half"] = _work(run, until={"done"})
    told["became"] = _counts(run())
    _dispatch()
    with use_tenant(tenant):
        undo(run(), by=None)
    seconds["undoing"] = _work(run, until={"undone"})
    told |= {"undone": run().undone_count, "kept": run().kept_count, "seconds": seconds}
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    told["megabytes"] = peak / (1024 if sys.platform == "linux" else 1024 * 1024)
    print(json.dumps(told))


def _work(run: Any, *, until: set[str], rows: int = 0) -> float:
    """Tick as a worker does; the seconds until the run has that status, or so many rows."""
    from crm.platform.work import due

    began = monotonic()
    while (now := run()).status not in until and not (rows and now.done >= rows):
        if now.status in {"failed", "cancelled"}:
            raise SystemExit(f"{now.status}: {now.problem}")
        if not due.run_due_work():
            raise SystemExit(f"nothing is due, and it is {now.status}: a slice failed")
    return monotonic() - began


def _dispatch() -> None:
    """Tell the events, so that follow-ups of next steps are there when it is undone."""
    from crm.platform.work.tasks import dispatch_events

    while dispatch_events():
        pass


def _counts(run: Any) -> dict[str, int]:
    return {name.removesuffix("_count"): getattr(run, name) for name in run.COUNTS}


if __name__ == "__main__":
    main()
