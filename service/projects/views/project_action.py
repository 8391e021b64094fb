"""Base classes of actions on projects and milestones: found by uid, respond with the page they came from."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect

from crm.web.actions.row_action import RowAction, Toast, safe_next
from crm.web.requests.http import TenantRequest
from service.models import Milestone, Project


def find_project(request: TenantRequest, uid: Any) -> Project:
    """Return the project with this id, if the member may see it."""
    rows = Project.objects.visible_to(request.member).select_related("job__site", "team", "template")
    row: Project | None = rows.filter(uid=uid).first()
    if row is None:
        raise Http404
    return row


class ProjectAction(RowAction[Project]):
    """An action on a project."""

    model = Project
    permission = "projects.work"

    def find(self, request: TenantRequest, *, lock: bool, **named: Any) -> Project:
        row = find_project(request, named["uid"])
        if lock:
            row.lock()
        return row

    def answer(self, request: TenantRequest, row: Project, toast: Toast) -> HttpResponse:
        return respond_with_toast(request, toast, str(row.uid))


class MilestoneAction(RowAction[Any]):
    """An action on a milestone; its form states the target state, so it needs no version."""

    model = Milestone
    permission = "projects.work"

    def find(self, request: TenantRequest, *, lock: bool, **named: Any) -> Milestone:
        rows = Milestone.objects.visible_to(request.member).select_related("project__job")
        row: Milestone | None = rows.filter(uid=named["uid"]).first()
        if row is None:
            raise Http404
        if lock:
            row.project.lock()
            row.lock()
        return row

    def check(self, request: TenantRequest, row: Milestone) -> None:
        """Allow every member who sees it: ticking is idempotent."""

    def answer(self, request: TenantRequest, row: Milestone, toast: Toast) -> HttpResponse:
        return respond_with_toast(request, toast, str(row.project.uid))


def respond_with_toast(request: TenantRequest, toast: Toast, uid: str) -> HttpResponse:
    """Respond with a toast on the form's page, else on the project's; without a project, on the list."""
    if toast.status == 200:
        level = messages.SUCCESS
    else:
        level = messages.WARNING
    messages.add_message(request, level, toast.text, extra_tags=toast.undo)
    place = safe_next(request)
    if place:
        return redirect(place)
    if not uid:
        return redirect("service:list", request.tenant.slug)
    return redirect("service:project", request.tenant.slug, uid)


action = ProjectAction()
milestone_action = MilestoneAction()
