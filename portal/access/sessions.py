"""Portal sessions: a device is remembered for thirty days by a secret, which is rotated daily."""

import hashlib
import secrets
from datetime import timedelta

from django.db.models import Q
from django.dispatch import Signal
from django.http import HttpRequest, HttpResponse

from crm.kernel import clock
from portal.access import cookies
from portal.models import PortalAccess, PortalDevice
from portal.models.device import REMEMBERED

# Somebody looks at their pages: `person_id`, `at`. At most every ten minutes; a colleague who looks as them is nobody.
visited = Signal()


# The secret is changed when it is that old; for a minute the one before is taken, as pages are asked for side by side.
ROTATED_AFTER = timedelta(days=1)
OVERLAP = timedelta(minutes=1)
# A visit is noted at most so often: a click costs no write.
NOTED_AFTER = timedelta(minutes=10)


def secret_digest(secret: str) -> str:
    """Return the stored hash of a 256-bit random secret."""
    return hashlib.sha256(secret.encode()).hexdigest()


def begin_session(access: PortalAccess, request: HttpRequest) -> tuple[PortalDevice, str]:
    """Remember the device on which a correct code was entered. Return the device and its secret."""
    access.devices.filter(expires_at__lte=clock.now()).delete()
    secret = secrets.token_urlsafe(32)
    device = PortalDevice.objects.create(
        access=access,
        digest=secret_digest(secret),
        user_agent=request.headers.get("User-Agent", "")[:200],
        expires_at=clock.now() + REMEMBERED,
    )
    device.refresh_from_db(fields=["uid"])
    return device, secret


def find_session(request: HttpRequest) -> PortalDevice | None:
    """Return the remembered device of a request, if its person still has access. One query."""
    secret = cookies.read_cookie(request, cookies.SESSION)
    if not secret:
        return None
    now = clock.now()
    hashed = secret_digest(secret)
    just_before = Q(digest_before=hashed, rotated_at__gt=now - OVERLAP)
    devices = PortalDevice.objects.select_related("access__person").filter(Q(digest=hashed) | just_before)
    device: PortalDevice | None = devices.filter(expires_at__gt=now).exclude(access__state="revoked").first()
    return device


def note_visit(access: PortalAccess, device: PortalDevice | None) -> None:
    """Record a visit, at most every ten minutes; the first one activates the access."""
    now = clock.now()
    if access.seen_at and access.seen_at > now - NOTED_AFTER:
        return
    access.visit(now)
    visited.send(PortalAccess, person_id=access.person_id, at=now)
    if device:
        PortalDevice.objects.filter(pk=device.pk).update(seen_at=now)


def rotate_secret(device: PortalDevice, response: HttpResponse, *, company: str) -> None:
    """Rotate the device's secret once a day; of concurrent requests, only one does it."""
    now = clock.now()
    if device.rotated_at > now - ROTATED_AFTER:
        return
    secret = secrets.token_urlsafe(32)
    changed = PortalDevice.objects.filter(pk=device.pk, digest=device.digest).update(
        digest=secret_digest(secret), digest_before=device.digest, rotated_at=now
    )
    if changed:
        remember_device(response, device, secret, company=company)


def remember_device(response: HttpResponse, device: PortalDevice, secret: str, *, company: str) -> None:
    """Set the cookie with the device's secret, for as long as it is valid."""
    seconds = int((device.expires_at - clock.now()).total_seconds())
    cookies.set_cookie(response, cookies.SESSION, secret, company=company, seconds=seconds)
