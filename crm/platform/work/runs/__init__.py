"""Runs: long operations done in slices by a worker. How to write one: docs/runs.md."""

from crm.platform.work.runs.kinds import RunCancelled, RunFailed, RunKind, SelectionKind
from crm.platform.work.runs.slices import add, do_slice, go_on, is_parked, register, schedule, start, undo, work
from crm.platform.work.runs.verbs import begin, cancel, fail, finish, prepare

__all__ = [
    "RunCancelled",
    "RunFailed",
    "RunKind",
    "SelectionKind",
    "add",
    "begin",
    "cancel",
    "do_slice",
    "fail",
    "finish",
    "go_on",
    "is_parked",
    "prepare",
    "register",
    "schedule",
    "start",
    "undo",
    "work",
]
