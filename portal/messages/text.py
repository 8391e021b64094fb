"""Text of a message for the customer: short links, folded quotes and signature, long text cut."""

from collections.abc import Callable
from dataclasses import dataclass
from html import escape
from urllib.parse import urlsplit

from django.conf import settings
from django.urls import NoReverseMatch, reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from comms.mail.links import linked_text
from crm.jobs.models import Job
from crm.platform.models import Brand
from crm.platform.organization.configuration import directory
from libs.inbound_mail import split_reply
from portal.access import links
from portal.access.hosts import origin_of

# Of a long message so much is seen at once; what is hardly longer is seen whole.
MOST_LINES = 12
MOST_LETTERS = 700
SPARE = 4
# Of a foreign address so much is shown.
WIDEST = 40


@dataclass(frozen=True)
class MessageParts:
    """HTML of a message: the visible part, the part behind "more", and the signature with quotes."""

    shown: SafeString
    rest: SafeString
    folded: SafeString


def message_text(text: str, job: Job, brand: Brand, *, is_ours: bool) -> MessageParts:
    """Return the parts of a message; the customer's signature was split off on receipt."""
    reply = None
    if is_ours:
        reply = split_reply(text)
    if reply and reply.visible.strip():
        visible, folded = (reply.visible, reply.folded)
    else:
        visible, folded = (text, "")
    visible_part, rest = _cut_text(visible.replace("\r\n", "\n").strip())
    link = _link_drawer(job, brand)
    return MessageParts(*(_linked_html(part, link) for part in (visible_part, rest, folded.strip())))


def _cut_text(text: str) -> tuple[str, str]:
    """Split a long text between two lines into a beginning and a rest; a short one is not split."""
    lines = text.split("\n")
    if len(lines) <= MOST_LINES + SPARE and len(text) <= 2 * MOST_LETTERS:
        return text, ""
    kept = 0
    letters = 0
    while kept < min(len(lines), MOST_LINES) and (not kept or letters + len(lines[kept]) <= MOST_LETTERS):
        letters += len(lines[kept])
        kept += 1
    return "\n".join(lines[:kept]).rstrip(), "\n".join(lines[kept:]).strip()


def _linked_html(text: str, link: Callable[[str, str], str]) -> SafeString:
    return mark_safe(linked_text(text, link).replace("\n", "<br>"))  # noqa: S308


def _link_drawer(job: Job, brand: Brand) -> Callable[[str, str], str]:
    """Return a function that renders links; portal links lose their recipient's key."""
    home = reverse("portal:home", kwargs={"company": directory().tenant.slug})
    ours = {f"{origin}{home}" for origin in (str(settings.SITE_URL), origin_of(brand))}

    def draw(target: str, address: str) -> str:
        begun = next((each for each in ours if target.startswith(each)), None)
        if begun is not None:
            name = _("your page")
            return f'<a href="{escape(_own_page_path(target.removeprefix(begun), home, job))}">{escape(name)}</a>'
        host = urlsplit(target).netloc
        path = target.partition("://")[2].partition("/")[2].rstrip("/")
        if path:
            short = f"{host}/{path}"
        else:
            short = host
        if len(short) > WIDEST:
            short = f"{short[: WIDEST - 1]}…"
        return f'<a href="{escape(target)}" rel="noopener noreferrer nofollow" target="_blank">{escape(short)}</a>'

    return draw


def _own_page_path(rest: str, home: str, job: Job) -> str:
    """Return the portal path a link refers to: its document, else its job."""
    company = directory().tenant.slug
    if not rest.startswith("open/"):
        return f"{home}{rest}"
    try:
        document = links.read_link(rest.removeprefix("open/").strip("/"), job.tenant_id).document
        if document:
            return reverse("portal:document", kwargs={"company": company, "uid": document})
    except (links.BrokenLink, NoReverseMatch):
        pass  # Too old, or cut off: the job is what it was about.
    return reverse("portal:job", kwargs={"company": company, "number": job.number})
