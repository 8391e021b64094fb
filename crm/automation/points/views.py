"""Settings of lead scoring: the points, their conditions, and the priority thresholds."""

from typing import Any, NamedTuple

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from crm.automation.editor.conditions import RuleConditions, focused_row
from crm.automation.editor.rule_text import condition_text
from crm.automation.models import AutomationPolicy, PriorityPoint
from crm.automation.models.points import LARGEST
from crm.automation.models.policy import automation_policy
from crm.automation.points.calibration import ENOUGH, calibrate_points
from crm.automation.points.counting import active_points, job_kind, recount_all
from crm.automation.points.filters import LOST, WON
from crm.automation.registry.lists import list_url
from crm.automation.setup import groups_of, read_conditions
from crm.automation.views.frame import MANAGE, VIEW, page_context
from crm.kernel.refusal import Refused
from crm.kernel.whole_numbers import parse_typed_number
from crm.platform.access.permissions import allows
from crm.web.requests.http import TenantRequest
from crm.web.requests.permissions import require


class UsualPoint(NamedTuple):
    """A suggested point. Its label and number can be changed after it is added."""

    key: str
    words: str | Promise
    where: str
    points: int


USUAL = (
    UsualPoint("late", gettext_lazy("late"), "where=level:is:over", 2),
    UsualPoint("waiting", gettext_lazy("the customer waits for our reply"), "waiting=1", 2),
    UsualPoint("untouched", gettext_lazy("nobody has been in touch"), "untouched=1", 2),
    UsualPoint("value", gettext_lazy("value over 20,000"), "where=value:min:20000", 2),
    UsualPoint("claim", gettext_lazy("insurance job"), "claim=1", 3),
    UsualPoint("old", gettext_lazy("no contact for two weeks"), "where=touched:older:14", 1),
)


def offered_points() -> list[UsualPoint]:
    """Return the suggested points whose conditions are not in use yet."""
    taken = set(PriorityPoint.objects.values_list("where", flat=True))
    return [one for one in USUAL if one.where not in taken]


SAVE = "save"


@require(VIEW)
def points(request: TenantRequest) -> HttpResponse:
    """Show the points, and the form to add one; each button submits the whole form."""
    may = allows(request.member, MANAGE)
    if request.method != "POST" or not may:
        builder = RuleConditions.empty(job_kind())
        builder.act("add", "")
        return _render_points(request, builder)
    act, _colon, place = request.POST.get("do", "").partition(":")
    if act == "use":
        return _add_usual_point(request, place)
    builder = RuleConditions.from_form(job_kind(), request.POST)
    if act != SAVE:
        focus = builder.act(act, place)
        return _render_points(request, builder, focus=focus)
    if not builder.judge():
        return _render_points(request, builder, trouble=_("A condition is incomplete."))
    try:
        words = " ".join(request.POST.get("words", "").split()) or _conditions_text(builder.where())
        PriorityPoint.add(words, builder.where(), _parse_points(request.POST.get("points", "")), by=request.member)
    except Refused as why:
        return _render_points(request, builder, trouble=str(why))
    recount_all()
    messages.success(request, _("Saved. The priority of all open leads is being updated."))
    return redirect("automation:points", request.tenant.slug)


def _add_usual_point(request: TenantRequest, key: str) -> HttpResponse:
    """Add one of the suggested points."""
    usual = next((one for one in offered_points() if one.key == key), None)
    if usual is not None:
        try:
            PriorityPoint.add(str(usual.words), usual.where, usual.points, by=request.member)
        except Refused as why:
            messages.warning(request, str(why))
            return redirect("automation:points", request.tenant.slug)
        recount_all()
        messages.success(request, _("Saved. The priority of all open leads is being updated."))
    return redirect("automation:points", request.tenant.slug)


def _parse_points(typed: str) -> int:
    """Parse a typed number of points: 3, +3, -2. Raises Refused."""
    text = typed.strip().replace("−", "-").removeprefix("+")
    sentence = _("Enter points from -%(most)s to %(most)s, but not 0.") % {"most": LARGEST}
    points = parse_typed_number(text.removeprefix("-"), sentence, least=1, most=LARGEST)
    if text.startswith("-"):
        return -points
    return points


def _conditions_text(where: str) -> str:
    groups = groups_of(read_conditions(job_kind(), where))
    return _(" and ").join(condition_text(group) for group in groups)


@require(MANAGE)
@require_POST
def remove(request: TenantRequest, pk: int) -> HttpResponse:
    """Remove points, and schedule recounting of all leads."""
    get_object_or_404(PriorityPoint.objects.all(), pk=pk).remove(by=request.member)
    recount_all()
    messages.success(request, _("Removed. The priority of all open leads is being updated."))
    return redirect("automation:points", request.tenant.slug)


@require(MANAGE)
@require_POST
def weigh(request: TenantRequest, pk: int) -> HttpResponse:
    """Set the number of points, e.g. to the suggestion of the calibration page."""
    row = get_object_or_404(PriorityPoint.objects.all(), pk=pk)
    try:
        row.weigh(_parse_points(request.POST.get("points", "")), by=request.member)
    except Refused as why:
        messages.warning(request, str(why))
    else:
        recount_all()
        messages.success(request, _("Saved. The priority of all open leads is being updated."))
    return redirect("automation:calibration", request.tenant.slug)


@require(VIEW)
def calibration(request: TenantRequest) -> HttpResponse:
    """Show the outcomes of leads by band and by point."""
    bands, judged = calibrate_points()
    slug = request.tenant.slug
    context = {
        "bands": [(band, outcome, *_outcome_urls(f"points={band.key}", slug)) for band, outcome in bands],
        "judged": judged,
        "enough": ENOUGH,
        **page_context(request),
    }
    return render(request, "automation/points/calibration.html", context)


def _outcome_urls(where: str, slug: str) -> tuple[str, str]:
    """Return the URLs of the won and of the lost leads that match a condition."""
    won, lost = (list_url("job", f"{where}&outcome={outcome}&closed=all", slug) for outcome in (WON, LOST))
    return won, lost


@require(MANAGE)
@require_POST
def set_thresholds(request: TenantRequest) -> HttpResponse:
    """Set the minimum points for high and urgent priority."""
    try:
        high, urgent = (_parse_threshold(request.POST.get(name, "")) for name in ("high", "urgent"))
        AutomationPolicy.set_thresholds(high, urgent, by=request.member)
    except Refused as why:
        messages.warning(request, str(why))
    else:
        recount_all()
        messages.success(request, _("Saved. The priority of all open leads is being updated."))
    return redirect("automation:points", request.tenant.slug)


def _parse_threshold(typed: str) -> int | None:
    """Parse a minimum number of points; blank for never. Raises Refused."""
    if not typed.strip():
        return None
    return parse_typed_number(typed, _("Enter a number of points, or leave it blank for never."), least=1, most=1000)


def _render_points(
    request: TenantRequest, builder: RuleConditions, *, trouble: str = "", focus: str = ""
) -> HttpResponse:
    working = {(one.words, one.points) for one in active_points()}
    slug = request.tenant.slug
    context: dict[str, Any] = {
        "rows": [
            (row, _conditions_text(row.where), list_url("job", row.where, slug), (row.words, row.points) in working)
            for row in PriorityPoint.objects.all()
        ],
        "usual": [(one, _conditions_text(one.where)) for one in offered_points()],
        "policy": automation_policy(),
        "builder": builder,
        "draft": {"focus": focus},
        "focus": focused_row(focus),
        "here": request.path,
        "post_url": request.path,
        "words": request.POST.get("words", ""),
        "typed": request.POST.get("points", ""),
        "trouble": trouble,
        **page_context(request),
    }
    return render(request, "automation/points/points.html", context, status=422 if trouble else 200)
