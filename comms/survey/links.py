"""The link of a job's survey, encrypted as those to preferences are: nobody reads a number off it, or guesses one."""

import json
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from cryptography.fernet import InvalidToken
from django.conf import settings
from django.urls import reverse

from comms.gate.preferences.links import LONGEST, BrokenLink, ExpiredLink
from comms.library.variables import Subject
from crm.kernel import clock
from crm.platform.tenancy import secrets

KEPT = timedelta(days=120)


def token_of(tenant_id: int, job_id: int) -> str:
    """Return the part of the address that says which survey."""
    return secrets.encrypt(json.dumps({"survey": [tenant_id, job_id, int(clock.now().timestamp())]}))


class Invitation(NamedTuple):
    """Which job a link asks about, and when it was asked."""

    tenant_id: int
    job_id: int
    asked_at: datetime


def read(token: str) -> Invitation:
    """Return what a link asks about. Raises BrokenLink or ExpiredLink."""
    if len(token) > LONGEST:
        raise BrokenLink
    try:
        tenant_id, job_id, stamp = map(int, json.loads(secrets.decrypt(token))["survey"])
    except (InvalidToken, ValueError, TypeError, KeyError):
        raise BrokenLink from None
    asked_at = datetime.fromtimestamp(stamp, UTC)
    if clock.now() - asked_at > KEPT:
        raise ExpiredLink
    return Invitation(tenant_id, job_id, asked_at)


def link_of(subject: Subject) -> str:
    """Return the address of the survey of the job a message is about; blank without one."""
    job = subject.job
    if job:
        return f"{settings.SITE_URL}{reverse('survey', args=[token_of(job.tenant_id, job.pk)])}"
    return ""
