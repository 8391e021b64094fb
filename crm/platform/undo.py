"""Undo an act on one row or on many: the old values are recorded, and restored unless somebody changed them since.

`with undo.recorded("job.moved", [job], by=member) as change: job.move_to(…)`, then `undo.take_back(change.uid)`. Both
the act and its undoing stay on record as events. A model says what an act may alter by being Undoable.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, ClassVar, cast
from uuid import UUID

from django.apps import apps
from django.db import models, transaction
from django.utils.translation import gettext as _

from crm.kernel import clock
from crm.kernel.refusal import Refused
from crm.platform.database import bulk_write
from crm.platform.models import Change, ChangedRow, Event, Member, TenantModel
from crm.platform.tenancy.context import required_tenant_id
from crm.platform.work import due

FORGET = "undo.forget"
# An hour more than undoing is possible.
KEPT = Change.POSSIBLE + timedelta(hours=1)

Values = dict[str, Any]
# The day on which a tenant's old changes were last set to be forgotten, by this process.
_forgetting: dict[int, object] = {}


class Undoable(TenantModel):
    """A model whose acts can be undone. Its queryset has `visible_to(member)`."""

    # Attributes an act may alter (`member_id`), compared and put back.
    undo_columns: ClassVar[tuple[str, ...]]
    # Of these, what time moves by itself, and with which others it is recorded and put back all the same: never a sign
    # that somebody altered the row since.
    undo_derived: ClassVar[Mapping[str, Collection[str]]] = {}
    # The keys to the rows that `undo_name` names with it, read for many rows at once.
    undo_named_with: ClassVar[tuple[str, ...]] = ()

    class Meta:
        abstract = True
        base_manager_name = "objects"

    @property
    def undo_name(self) -> str:
        """The row's name in the list of recent changes."""
        return str(self)

    @classmethod
    def undo_context(cls, ids: Iterable[int]) -> Mapping[int, Values]:
        """Return related values an act may alter, by row, as JSON; kept before the act."""
        return {}

    def undo_refusal(self, before: Values, change: Change) -> str:
        """Return why an unchanged row cannot be restored; "" if it can."""
        return ""

    @classmethod
    def undo_refusals(
        cls, rows: Collection[Any], recorded: Mapping[int, ChangedRow], change: Change
    ) -> Mapping[int, str]:
        """Return why unchanged rows cannot be restored, by row; those that can be are left out."""
        refusals = {row.pk: row.undo_refusal(recorded[row.pk].before or {}, change) for row in rows}
        return {pk: why for pk, why in refusals.items() if why}

    @classmethod
    def lock_beside(cls, recorded: Iterable[ChangedRow]) -> None:
        """Lock what restoring these rows writes in other tables, where others lock that before the rows."""

    @classmethod
    def undo_all(cls, rows: list[Any], recorded: Mapping[int, ChangedRow], change: Change, *, by: Member) -> None:
        """Restore these locked rows and record it."""
        raise NotImplementedError


@dataclass(frozen=True)
class UndoResult:
    """The result of an undo: restored rows, and rows not restored because they changed or their model refused."""

    change: Change
    rows: list[Any]
    altered: list[Any] = field(default_factory=list)
    refused: list[Any] = field(default_factory=list)

    @property
    def staying(self) -> list[Any]:
        return [*self.altered, *self.refused]


@contextmanager
def record_undoable(
    kind: str,
    rows: Iterable[Undoable],
    *,
    by: Member,
    locked: bool = False,
    change: Change | None = None,
    columns: Sequence[str] = (),
) -> Iterator[Change]:
    """Lock rows of one model, let the block act on these very objects, and record what it altered.

    `locked`: the caller has locked them. `change`: of the act that these rows are a further part of. `columns`: what
    the act may alter, where that is not what most acts on the model do. Nothing altered: the change is not saved, and
    its `pk` stays None.
    """
    with transaction.atomic():
        acted = list(rows)
        if not locked:
            for row in sorted(acted, key=lambda row: row.pk):
                row.lock()
        before = {row.pk: _column_values(row, columns) for row in acted}
        context = type(acted[0]).undo_context(before) if acted else {}
        change = change or Change(kind=kind, member=by, at=clock.now())
        yield change
        changes = [_altered_values(row, before[row.pk], context.get(row.pk)) for row in acted]
        _save_change(change, [values for values in changes if values["after"]])


@transaction.atomic
def record_created(
    kind: str,
    rows: Iterable[Undoable],
    *,
    by: Member,
    at: datetime,
    context: Values | None = None,
    change: Change | None = None,
) -> Change:
    """Record that an act created these rows at an instant: undoing it asks their model to end them.

    `context`: what else the act did, as their model puts it back. `change`: of the act they are a further part of.
    """
    change = change or Change(kind=kind, member=by, at=at)
    _save_change(
        change, [_row_key(row) | {"before": None, "after": _column_values(row), "context": context} for row in rows]
    )
    return change


def _save_change(change: Change, changes: list[Values]) -> None:
    if not changes:
        return
    if change.pk is None:
        act = {"kind": change.kind, "member": change.member_id, "at": change.at}
        [(change.pk, change.uid)] = bulk_write.execute(_SAVE, _DECLARED, changes, **act)
    else:
        bulk_write.insert_all(ChangedRow, [{**values, "change_id": change.pk} for values in changes])
    _schedule_deletion(change.at)


_DECLARED = "model text, row_id bigint, before jsonb, after jsonb, context jsonb"
_SAVE = """with made as (
        insert into platform_change (tenant_id, kind, member_id, at)
        select %(tenant)s::bigint, %(kind)s::text, %(member)s::bigint, %(at)s::timestamptz returning id, uid
    ), kept as (
        insert into platform_changedrow (tenant_id, change_id, model, row_id, before, after, context)
        select %(tenant)s::bigint, made.id, row.model, row.row_id, row.before, row.after, row.context
        from made cross join {rows}
    ) select id, uid from made"""


@transaction.atomic
def undo_change(uid: UUID, *, by: Member, anybodys: bool = False) -> UndoResult:
    """Undo an act of this member, or `anybodys`; rows changed since stay as they are and are named.

    So does one that the member may see no more, and one whose model refuses. Raises Refused when none can be: too
    late, somebody else's act, or all were altered since. Again: nothing more.
    """
    own = Change.objects.select_for_update().filter(uid=uid)
    change = (own if anybodys else own.filter(member=by)).first()
    if change is None or clock.now() - change.at > Change.POSSIBLE:
        raise Refused(_("This can no longer be undone."))
    kept = list(ChangedRow.objects.filter(change=change))
    model = undoable_model(kept[0].model)
    rows_by_id = {row.row_id: row for row in kept}
    model.lock_beside(kept)
    # Who may see a row may be a question of other tables; only the rows themselves are locked.
    visible = model.objects.visible_to(by).filter(pk__in=rows_by_id).values("pk")
    rows = {row.pk: row for row in model.lock_all(model.objects.filter(pk__in=visible))}
    if change.undone_at and rows:
        return UndoResult(change, list(rows.values()))
    as_left = {pk: row for pk, row in rows.items() if _is_as_left(row, rows_by_id[pk].after)}
    refusals = model.undo_refusals(as_left.values(), rows_by_id, change)
    same = [row for pk, row in as_left.items() if pk not in refusals]
    altered = [row for pk, row in rows.items() if pk not in as_left]
    if hidden := rows_by_id.keys() - rows.keys():
        altered += model.objects.filter(pk__in=hidden).order_by("pk")
    if not same:
        raise Refused(next(iter(refusals.values())) if refusals and not altered else _altered_sentence(altered, change))
    change.undone_at = clock.now()
    change.save(update_fields=["undone_at"])
    model.undo_all(same, rows_by_id, change, by=by)
    return UndoResult(change, same, altered, [rows[pk] for pk in refusals])


def restore_columns(rows: list[Any], recorded: Mapping[int, ChangedRow]) -> set[str]:
    """Restore the recorded columns of these rows; return which columns. For `Undoable.undo_all`.

    What an act altered beside the row's own columns is its model's to restore.
    """
    fields = {field.attname: field for field in type(rows[0])._meta.concrete_fields}
    for row in rows:
        for name, value in (recorded[row.pk].before or {}).items():
            if name in fields:
                setattr(row, name, fields[name].to_python(value))
    names = {name for row in rows for name in recorded[row.pk].before or {} if name in fields}
    if names:
        bulk_write.save_all(rows, sorted(names))
    return names


def undoable_model(label: str) -> type[Undoable]:
    """Return the Undoable model of a label, "app.model"."""
    models_by_label = {model._meta.label_lower: model for model in apps.get_models() if issubclass(model, Undoable)}
    return models_by_label[label]


def _row_key(row: Undoable) -> Values:
    return {"model": row._meta.label_lower, "row_id": row.pk}


def _column_values(row: Undoable, columns: Iterable[str] = ()) -> Values:
    # A key's descriptor costs four times what it returns: thirty of them, twice, of each of thousands of rows.
    state = row.__dict__
    return {name: state[name] if name in state else getattr(row, name) for name in columns or row.undo_columns}


def _altered_values(row: Undoable, before: Values, context: Values | None) -> Values:
    after = _column_values(row, before)
    names = [name for name, value in before.items() if value != after[name]]
    derived = {name: others for name, others in row.undo_derived.items() if name in before and name not in names}
    names += [name for name, others in derived.items() if {*others} & {*names}]
    then, now = ({name: values[name] for name in names} for values in (before, after))
    return _row_key(row) | {"before": then, "after": now, "context": context}


def _is_as_left(row: Undoable, after: Values) -> bool:
    return all(_is_same(getattr(row, name), value) for name, value in after.items() if name not in row.undo_derived)


def _is_same(value: Any, recorded: Any) -> bool:
    if isinstance(value, datetime):
        # One instant has as many spellings as zones.
        return isinstance(recorded, str) and datetime.fromisoformat(recorded) == value
    if isinstance(value, date):
        return bool(value.isoformat() == recorded)
    return bool(value == recorded)


def _altered_sentence(rows: list[models.Model], change: Change) -> str:
    """Return a sentence that says the rows were changed since, and by which member."""
    later = Event.objects.none()
    if rows:
        label = rows[0]._meta.label_lower
        about = Event.objects.filter(subject_kind=label, subject_id__in=[row.pk for row in rows])
        later = about.filter(at__gt=change.at).exclude(actor=None).exclude(actor=change.member)
    last = later.order_by("-pk").first()
    if last is None:
        return _("It was changed in the meantime and can’t be undone.")
    return _("%(name)s changed it in the meantime, so it can’t be undone.") % {"name": cast("Member", last.actor).name}


def _schedule_deletion(now: datetime) -> None:
    """Schedule the deletion of changes older than a day; once a day, tenant and process."""
    tenant_id = required_tenant_id()
    day = now.date()
    if _forgetting.get(tenant_id) != day:
        due.schedule(FORGET, 0, now + KEPT, key=f"{FORGET}:{day}")
        _forgetting[tenant_id] = day


@due.handler(FORGET)
def delete_old_changes(_subjects: object) -> None:
    """Delete changes that can no longer be undone."""
    old = Change.objects.filter(at__lt=clock.now() - KEPT + timedelta(minutes=1))
    ChangedRow.objects.filter(change__in=old).delete()
    old.delete()
