"""Fetch the answers of a lead from Meta, whose post contains only the id."""

import json
from urllib.parse import urlencode

from django.conf import settings
from django.utils.translation import gettext as _

from crm.platform.http.outgoing import OutgoingResponse, get
from crm.platform.tenancy.context import use_tenant
from leads.intake.reading import read_one
from leads.models import Submission
from leads.models.intake_door import doors

FIELDS = "id,created_time,ad_id,ad_name,adset_name,campaign_name,form_id,platform,is_organic,field_data"


def fetch(tenant_id: int, submission_id: int) -> None:
    """Fetch one lead's answers, store and read them. Run twice, it fetches twice and reads once.

    Nobody answers: it is tried again, as all due work.
    """
    with use_tenant(tenant_id):
        url = _answers_url(submission_id)
    answer = None
    if url:
        answer = get(url)
    if answer is not None:
        with use_tenant(tenant_id):
            _store_answer(submission_id, answer)


def _answers_url(submission_id: int) -> str:
    """Return the URL to fetch; blank if there is nothing left to fetch, or no access token."""
    submission = _lock_waiting(submission_id)
    if submission is None:
        return ""
    token = doors()[submission.door_id].secrets.get("access_token", "")
    if not token:
        submission.park(_("Enter a Meta access token, then process it again."))
        return ""
    lead = json.loads(bytes(submission.body))["leadgen_id"]
    return f"{settings.META_GRAPH_URL}/{int(lead)}?{urlencode({'fields': FIELDS, 'access_token': token})}"


def _store_answer(submission_id: int, answer: OutgoingResponse) -> None:
    submission = _lock_waiting(submission_id)
    if submission is None:
        return
    if answer.status != 200:
        submission.park(_("Meta answered %(status)s when it was asked for the lead.") % {"status": answer.status})
        return
    submission.fetched = answer.body
    submission.save(update_fields=["fetched"])
    read_one(submission)


def _lock_waiting(submission_id: int) -> Submission | None:
    submission: Submission | None = (
        Submission.objects.waiting().filter(pk=submission_id).select_for_update(no_key=True).first()
    )
    return submission


def give_up(submission_id: int) -> None:
    """Park a submission whose answers could not be fetched after repeated attempts."""
    if submission := _lock_waiting(submission_id):
        submission.park(_("Meta could not be reached."))
