"""Settings: the doors, each with its URL, token or sender, its field mapping, and a switch."""

from collections.abc import Mapping
from string import ascii_letters, digits
from typing import Any

from django.http import Http404
from django.utils.translation import gettext as _

from comms.models import Direction, Medium, Message
from crm.jobs.models import Pipeline, Source
from crm.jobs.pipelines.setup import pipeline_setup
from crm.kernel.normalization import parse_email
from crm.kernel.refusal import Refused
from crm.platform.models import Brand
from crm.platform.organization.configuration import directory
from crm.web.requests.http import TenantRequest
from crm.web.settings.page import Context, settings_page
from leads.intake import arrival
from leads.intake.address import snippet, token_of, url_of
from leads.intake.contents import fields_in, mail_body
from leads.intake.features import SET_UP
from leads.intake.pages import mapping
from leads.intake.posts import refusals
from leads.intake.posts.payload import UnreadablePayload
from leads.intake.posts.signature import USUAL
from leads.models import IntakeDoor, Submission
from leads.models.intake_door import doors as setup

DoorKind = IntakeDoor.DoorKind
# Mails offered as an example, and the longest that may be pasted.
OFFERED = 20
LONGEST = 50_000


@settings_page("intake:doors", SET_UP, "leads/intake/doors.html")
def doors(request: TenantRequest) -> Context:
    """Show the doors of each brand, and the archived ones."""
    rows = list(setup().values())
    return {
        "live": [_door_context(door) for door in rows if door.archived_at is None],
        "archived": [door for door in rows if door.archived_at],
        "kinds": DoorKind.choices,
        "brands": _active_brands(),
    }


def _door_context(door: IntakeDoor) -> dict[str, Any]:
    return {
        "door": door,
        "kind": DoorKind(door.kind).label,
        "brand": directory().brands[door.brand_id].name,
        "url": url_of(door),
    }


def _active_brands() -> list[Brand]:
    return [row for row in directory().brands.values() if row.archived_at is None]


def _get_door(pk: int) -> IntakeDoor:
    if (door := setup().get(pk)) is None:
        raise Http404
    row: IntakeDoor = IntakeDoor.objects.get(pk=door.pk)
    return row


@settings_page("intake:door", SET_UP, "leads/intake/door.html", of=("pk",))
def door(request: TenantRequest, pk: int) -> Context:
    """Show one door: its URL and credentials, and its last submission field by field."""
    row = _get_door(pk)
    last = Submission.objects.filter(door=row).order_by("-pk").first()
    fields = {}
    why = ""
    try:
        if last:
            fields = fields_in(last, row)
    except UnreadablePayload as trouble:
        why = str(trouble)
    setup = pipeline_setup()
    return _door_context(row) | {
        "token": _shown_token(row),
        "snippet": snippet(row) if row.kind == DoorKind.FORM else "",
        "is_mail": row.kind == DoorKind.MAIL,
        "is_meta": row.kind == DoorKind.META,
        "is_tool": row.kind == DoorKind.TOOL,
        "headers": USUAL,
        "refused": refusals.lately(row),
        "secrets": set(row.secrets),
        "pipelines": [each for each in setup.pipelines.values() if each.archived_at is None],
        "sources": [each for each in setup.sources.values() if each.archived_at is None],
        "brands": _active_brands(),
        "last": last,
        "rows": mapping.rows(fields, row),
        "choices": mapping.choices(),
        "unreadable": why,
        "mails": _example_mails() if row.kind == DoorKind.MAIL else [],
    }


def _shown_token(row: IntakeDoor) -> str:
    """Return the token or key to paste into the service; blank for a kind without one."""
    if row.kind == DoorKind.JSON:
        return token_of(row)
    if row.kind in (DoorKind.META, DoorKind.GOOGLE):
        return row.key
    return ""


def _example_mails() -> list[Message]:
    """Return the last mails of services and unknown senders, to choose an example from."""
    mails = Message.objects.filter(medium=Medium.EMAIL, direction=Direction.IN, job=None)
    return list(
        mails.filter(channel__owner=None).order_by("-at", "-pk").only("tenant_id", "at", "address", "subject")[:OFFERED]
    )


@doors.action()
def add(request: TenantRequest) -> str:
    """Open a door."""
    brand = next(
        (row for row in _active_brands() if str(row.uid) == request.POST.get("brand")), directory().default_brand
    )
    made = IntakeDoor.add(request.POST.get("name", ""), request.POST.get("kind", ""), brand, by=request.member)
    return _("“%(name)s” is created. Its address is below; open it for more settings.") % {"name": made.name}


@door.action(_get_door)
def edit(request: TenantRequest, row: IntakeDoor) -> str:
    """Save the settings of a door."""
    posted = request.POST
    fields: dict[str, Any] = {
        "name": posted.get("name", ""),
        "pipeline": _choose_row(pipeline_setup().pipelines, posted.get("pipeline", "")),
        "source": _choose_row(pipeline_setup().sources, posted.get("source", "")),
    }
    if row.kind == DoorKind.MAIL:
        fields |= {
            "mail_from": _parse_sender(posted.get("mail_from", "")),
            "mail_to": _parse_address(posted.get("mail_to", "")),
        }
    if row.kind == DoorKind.TOOL:
        fields["proof_header"] = _parse_header(posted.get("proof_header", ""))
    wording = None
    if row.kind == DoorKind.FORM:
        wording = " ".join(posted.get("wording", "").split())[:1000]
    kept: dict[str, str | None] = {
        name: None if posted.get(f"no_{name}") else posted.get(name, "").strip()[:500]
        for name in IntakeDoor.SECRETS.get(row.kind, ())
    }
    row.edit(by=request.member, wording=wording, given=kept, **fields)
    return _("“%(name)s” was saved.") % {"name": row.name}


def _choose_row(rows: Mapping[int, Any], given: str) -> Pipeline | Source | None:
    choice: Pipeline | Source | None = next((row for pk, row in rows.items() if str(pk) == given), None)
    return choice


def _parse_sender(text: str) -> str:
    """Return an address, or the domain of a portal's addresses: "@portal.example". Raises Refused."""
    text = text.strip().lower()
    if text.startswith("@"):
        return parse_email(f"anybody{text}").removeprefix("anybody")
    if text:
        return parse_email(text)
    return ""


def _parse_header(text: str) -> str:
    """Return the name of a header. Raises Refused for an invalid one."""
    text = text.strip()
    if len(text) > 60 or not set(text) <= set(f"{ascii_letters}{digits}-"):
        raise Refused(_("The name of a header has letters, digits and dashes."))
    return text


def _parse_address(text: str) -> str:
    if text.strip():
        return parse_email(text)
    return ""


@door.action(_get_door)
def example(request: TenantRequest, row: IntakeDoor) -> str:
    """Store a pasted or chosen mail as the example whose lines are marked; it opens no lead."""
    if row.kind != DoorKind.MAIL:
        raise Http404
    chosen = request.POST.get("mail", "")
    text = request.POST.get("text", "")[:LONGEST]
    message = next((each for each in _example_mails() if str(each.pk) == chosen), None)
    if message is not None:
        text = Message.objects.values_list("text", flat=True).get(pk=message.pk)
    if not text.strip():
        raise Refused(_("Paste an email, or choose one."))
    if message:
        subject = message.subject
        sender = message.address
    else:
        subject = ""
        sender = row.mail_from
    stored = arrival.keep(row, mail_body(subject, sender, text[:LONGEST]), content_type="message/rfc822")
    if stored.is_new:
        stored.submission.ignore(_("An example."), by=request.member)
    if message is not None and not row.mail_from:
        row.edit(by=request.member, mail_from=message.address)
    return _("Mark below what each line is.")


@door.action(_get_door)
def map_fields(request: TenantRequest, row: IntakeDoor) -> str:
    """Save the field mapping of a door."""
    row.map_fields(mapping.read_mapping(row, request.POST), by=request.member)
    return _("Saved. New emails are read this way.")


@door.action(_get_door)
def rotate(request: TenantRequest, row: IntakeDoor) -> str:
    """Give a door a new token."""
    row.rotate(by=request.member)
    return _("The old token no longer works.")


@doors.action(_get_door)
def archive(request: TenantRequest, row: IntakeDoor) -> str:
    """Archive a door."""
    row.archive(by=request.member)
    return _("“%(name)s” is turned off. It accepts no leads.") % {"name": row.name}


@doors.action(_get_door)
def restore(request: TenantRequest, row: IntakeDoor) -> str:
    """Restore an archived door."""
    row.restore(by=request.member)
    return _("“%(name)s” is turned on again.") % {"name": row.name}
