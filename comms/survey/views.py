"""The survey page. A GET changes nothing, as scanners open links; the answer counts once."""

from datetime import datetime

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from comms.gate.preferences.links import BrokenPreferenceLink, ExpiredPreferenceLink
from comms.models.survey_answer import BEST, LONGEST, SurveyAnswer
from comms.survey import links
from crm.jobs.models import Job
from crm.kernel.refusal import Refused
from crm.platform.tenancy.context import use_tenant


@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def survey(request: HttpRequest, token: str) -> HttpResponse:
    """Show the survey; a POST stores the answer."""
    try:
        invitation = links.read(token)
    except ExpiredPreferenceLink:
        return _link_over_page(request, _("This link is too old. Use the one in a newer message."))
    except BrokenPreferenceLink:
        return _link_over_page(
            request, _("This link is not complete. Open it from the message again, or copy all of it.")
        )
    with use_tenant(invitation.tenant_id):
        job = Job.objects.select_related("brand", "person").filter(pk=invitation.job_id).first()
        if job is None:
            return _link_over_page(request, _("This link is too old. Use the one in a newer message."))
        with translation.override(_page_language(request, job)):
            response = _answer_page(request, job, invitation.asked_at)
    response["Referrer-Policy"] = "no-referrer"
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response


def _answer_page(request: HttpRequest, job: Job, asked_at: datetime) -> HttpResponse:
    trouble = ""
    if request.method == "POST":
        score_text = request.POST.get("score", "")
        try:
            score = 0
            if score_text in map(str, range(1, BEST + 1)):
                score = int(score_text)
            SurveyAnswer.give(job, score, _comment_text(request), asked_at=asked_at)
        except Refused as why:
            trouble = str(why)
    page = {
        "brand": job.brand,
        "hue": round((job.brand.hue - 3) / 15) % 24 * 15 + 3,
        "scores": range(1, BEST + 1),
        "longest": LONGEST,
        "words": _comment_text(request),
        "trouble": trouble,
        "done": SurveyAnswer.objects.filter(job=job, asked_at=asked_at).exists(),
    }
    return render(request, "comms/survey.html", page, status=400 if trouble else 200)


def _comment_text(request: HttpRequest) -> str:
    return request.POST.get("words", "")[:LONGEST]


def _page_language(request: HttpRequest, job: Job) -> str:
    languages = dict(settings.LANGUAGES)
    wanted = (job.person.language if job.person else "", job.brand.language)
    return next((one for one in wanted if one in languages), translation.get_language_from_request(request))


def _link_over_page(request: HttpRequest, why: str) -> HttpResponse:
    return render(request, "comms/gate/link_over.html", {"why": why}, status=410)
