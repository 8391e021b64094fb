"""The list filter behind the numbers of past stays: `?stayed=12.customer`, `?stayed=all.us`, `?stayed=12.`."""

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import BigIntegerField, F, Func, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.jobs.models import Side
from crm.jobs.pipelines.setup import pipeline_setup
from crm.kernel.whole_numbers import read_number
from crm.platform.models import Member
from crm.web.lists.conditions.filters import Filter
from crm.web.lists.conditions.viewer import Viewer
from reports.models import StayLeads

ALL = "all"


class StayedFilter(Filter):
    """Filter by the leads counted last night: stays in a step, or all, with a turn of a side; set only by links."""

    tests = ("is",)

    def __init__(self) -> None:
        super().__init__(gettext_lazy("Stayed"))

    def offers(self, member: Member) -> bool:
        return False

    def operand(self, test: str, viewer: Viewer) -> forms.Field:
        return _StayedField()

    def condition(self, test: str, value: str, viewer: Viewer) -> Q:
        step, _dot, side = value.partition(".")
        rows = StayLeads.objects.filter(stage=None if step == ALL else int(step), side=side)
        one = Func(F("job_ids"), function="unnest", output_field=BigIntegerField())
        return Q(pk__in=rows.annotate(one=one).values("one"))

    def value_words(self, test: str, value: str, viewer: Viewer) -> str:
        step, _dot, side = value.partition(".")
        words = [_("left lately") if step == ALL else _("left %(step)s lately") % {"step": _step_name(step)}]
        if side:
            turns = {Side.US: _("our move"), Side.CUSTOMER: _("their move"), Side.PAUSED: _("on hold")}
            words.append(turns[Side(side)])
        return ", ".join(words)


def _step_name(step: str) -> str:
    return str(pipeline_setup().stages[int(step)].name)


class _StayedField(forms.CharField):
    def validate(self, value: str) -> None:
        super().validate(value)
        step, dot, side = value.partition(".")
        is_step = step == ALL or read_number(step) in pipeline_setup().stages
        if not (dot and is_step and side in ("", *Side.values)):
            raise ValidationError(_("Open the list from the number in the report."))
