"""Page of contact preferences."""

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from comms.gate.preferences import preferences
from comms.gate.preferences.links import PreferenceLink
from comms.gate.preferences.preferences import ConsentEvidence
from comms.models import Consent, Medium
from crm.jobs.models import Job
from portal.access.pages import PortalRequest, portal_page
from portal.models import Onboarding
from portal.models.onboarding import Step
from portal.preferences.choices import NIGHTS, PACES, links_of, night_labels, night_of, pace_of, plans_of, ways_of

MOST_JOBS = 200


@require_http_methods(["GET", "HEAD", "POST"])
@portal_page()
def preferences_page(request: PortalRequest) -> HttpResponse:
    """Show channels, frequency and quiet hours; a POST saves them."""
    if request.method == "POST":
        _save_preferences(request)
        Onboarding.start(request.viewer.person).confirm(Step.PREFERENCES)
        messages.success(request, _("Saved."))
        return redirect("portal:preferences", company=request.company.slug)
    links = links_of(request.viewer.person, request.brand)
    page = {
        "ways": ways_of(links),
        "paces": [(key, label) for key, (_pace, label) in PACES.items()],
        "pace": pace_of(plans_of(_own_jobs(request))),
        "nights": night_labels(request.brand.country),
        "night": night_of(links),
        "languages": settings.LANGUAGES,
        "language": get_language(),
    }
    return render(request, "portal/preferences/page.html", page)


def _save_preferences(request: PortalRequest) -> None:
    post = request.POST
    source = Consent.Source.PREFERENCES
    address = get_adapter().get_client_ip(request)
    evidence = ConsentEvidence(source, address, request.headers.get("User-Agent", ""))
    night = NIGHTS.get(post.get("night", "")) or (None, None)
    for link in links_of(request.viewer.person, request.brand):
        preferences.choose(link, post.getlist(f"get-{link.address}"), evidence)
        preferences.set_quiet_hours(link, *night)
    if post.get("pace") in PACES:
        pace = PACES[post["pace"]][0]
        for plan in plans_of(_own_jobs(request)):
            plan.set_cadence(pace.days, only_the_end=pace.only_the_end, is_gathered=pace.is_gathered, by=None)
    if post.get("language") in dict(settings.LANGUAGES):
        link = PreferenceLink(
            request.company.pk, request.brand.pk, Medium.EMAIL, "", person_id=request.viewer.person.pk
        )
        preferences.set_language(link, post["language"])


def _own_jobs(request: PortalRequest) -> list[Job]:
    """Return the jobs of which they are the customer: they can't set the frequency of others."""
    return list(request.viewer.jobs().filter(person=request.viewer.person).order_by("-pk")[:MOST_JOBS])
