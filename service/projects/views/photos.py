"""Upload photos from the field: several from a form, or one by one from the phone's queue (static/js/field.js)."""

from uuid import UUID, uuid4

from django.http import HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from crm.documents.files.inspection import inspect
from crm.documents.files.limits import check_size
from crm.jobs.models import Note
from crm.kernel.refusal import Refused
from crm.web.actions.row_action import Toast
from crm.web.requests.http import TenantRequest
from crm.web.requests.permissions import require
from service.models import FieldPhoto, Milestone, Project
from service.projects.views.project_action import find_project, respond_with_toast

MOST = 30
LONGEST_NOTE = 4000


@require("projects.work")
@require_POST
def photos(request: TenantRequest, uid: UUID) -> HttpResponse:
    """Store the `photos` of a form, each once by its `key`; responds with JSON for the queue, else the page."""
    project = find_project(request, uid)
    keys = request.POST.getlist("key")
    files = request.FILES.getlist("photos")[:MOST]
    is_queue = request.headers.get("Accept") == "application/json"
    try:
        for at, file in enumerate(files):
            check_size(file.name or "", file.size or 0)
            _keep(request, project, keys[at] if at < len(keys) else "", file.read(), file.name or "")
    except Refused as why:
        if is_queue:
            return JsonResponse({"why": str(why)}, status=422)
        return _result_words(request, project, str(why), 422)
    if is_queue:
        return JsonResponse({"kept": len(files)})
    if not files:
        return _result_words(request, project, _("Choose a photo first."), 422)
    words = ngettext("%(count)s photo is kept.", "%(count)s photos are kept.", len(files)) % {"count": len(files)}
    return _result_words(request, project, words, 200)


def _keep(request: TenantRequest, project: Project, key: str, content: bytes, name: str) -> None:
    file = inspect(content, name)
    if not file.is_photo:
        raise Refused(_("“%(name)s” is not a photo.") % {"name": name})
    FieldPhoto.keep(
        project,
        _uuid(key),
        file,
        milestone=_milestone(request, project),
        is_shown=request.POST.get("shown") == "yes",
        by=request.member,
    )


@require("projects.work")
@require_POST
def note(request: TenantRequest, uid: UUID) -> HttpResponse:
    """Add a note to the job, from the field."""
    project = find_project(request, uid)
    body = request.POST.get("body", "").strip()[:LONGEST_NOTE]
    if not body:
        return _result_words(request, project, _("Write something first."), 422)
    Note.write(project.job, body, by=request.member)
    return _result_words(request, project, _("Noted."), 200)


def _milestone(request: TenantRequest, project: Project) -> Milestone | None:
    wanted = request.POST.get("milestone", "")
    return next((one for one in project.milestones.all() if str(one.uid) == wanted), None)


def _uuid(key: str) -> UUID:
    try:
        return UUID(key)
    except ValueError:
        return uuid4()


def _result_words(request: TenantRequest, project: Project, words: str, status: int) -> HttpResponse:
    return respond_with_toast(request, Toast(words, status), str(project.uid))
