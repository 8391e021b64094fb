"""Encrypted survey link of a job, which reveals no number and can't be guessed."""

import json
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from cryptography.fernet import InvalidToken
from django.conf import settings
from django.urls import reverse

from comms.gate.preferences.links import LONGEST, BrokenPreferenceLink, ExpiredPreferenceLink
from comms.library.variables import TemplateSubject
from crm.kernel import clock
from crm.platform.tenancy import secrets

KEPT = timedelta(days=120)


def token_of(tenant_id: int, job_id: int) -> str:
    """Return the token in the address."""
    return secrets.encrypt(json.dumps({"survey": [tenant_id, job_id, int(clock.now().timestamp())]}))


class SurveyInvitation(NamedTuple):
    """The job of a link, and when it was asked."""

    tenant_id: int
    job_id: int
    asked_at: datetime


def read(token: str) -> SurveyInvitation:
    """Parse a link. Raises BrokenPreferenceLink or ExpiredPreferenceLink."""
    if len(token) > LONGEST:
        raise BrokenPreferenceLink
    try:
        tenant_id, job_id, stamp = map(int, json.loads(secrets.decrypt(token))["survey"])
    except (InvalidToken, ValueError, TypeError, KeyError):
        raise BrokenPreferenceLink from None
    asked_at = datetime.fromtimestamp(stamp, UTC)
    if clock.now() - asked_at > KEPT:
        raise ExpiredPreferenceLink
    return SurveyInvitation(tenant_id, job_id, asked_at)


def link_of(subject: TemplateSubject) -> str:
    """Return the survey address of a message's job; blank without one."""
    job = subject.job
    if job:
        return f"{settings.SITE_URL}{reverse('survey', args=[token_of(job.tenant_id, job.pk)])}"
    return ""
