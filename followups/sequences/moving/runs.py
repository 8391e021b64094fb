"""Move those inside a version to another one as a run: in batches, with one undo."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from crm.jobs.bulk.runs import ChangeKind
from crm.kernel import clock
from crm.platform import undo
from crm.platform.models import Member
from crm.platform.work import runs
from followups.sequences.models import Enrolment, SequenceVersion, VersionMove
from followups.sequences.models.enrolment import VERSION_MOVED
from followups.sequences.models.sequence import sequences_by_id
from followups.sequences.moving.moves import movable_rows, move_rows


def start_move(source: SequenceVersion, target: SequenceVersion, *, by: Member) -> VersionMove:
    """Move those inside a version who may be moved now; few at once, more by a worker."""
    run = VersionMove(act="move", source=source, target=target, by=by)
    run.select(movable_rows(source, by).order_by("pk").values_list("pk", flat=True))
    runs.add(run)
    runs.start(run, by=by)
    run.refresh_from_db()
    return run


@runs.register
class VersionMoveKind(ChangeKind[VersionMove]):
    """Move the next batch, except those who left or got a follow-up in the meantime."""

    model = VersionMove
    work = "sequences.move"
    permission = "sequences.manage"

    def check(self, run: VersionMove) -> None:
        """Fail the run also if a newer version was saved since."""
        super().check(run)
        sequence = sequences_by_id().get(run.target.sequence_id)
        if sequence is None or sequence.version_id != run.target.pk:
            raise runs.RunFailed(_("A newer version was saved in the meantime."))

    def do(self, run: VersionMove, ids: Sequence[int]) -> None:
        rows = Enrolment.lock_all(movable_rows(run.source, run.by).filter(pk__in=ids))
        moved = move_rows(rows, run.target, by=run.by)
        change = run.change
        if moved:
            change = undo.record_created(VERSION_MOVED, moved, by=run.by, at=clock.now(), change=change)
        run.did(len(moved), change)
