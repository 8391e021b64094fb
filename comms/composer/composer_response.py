"""Handle a request to an embedded composer: show it, choose a template, store a draft, or send.

def reply(request, number):                      # a view of a higher app, with a permission of its own
    ticket = …
    matter = Matter(ticket.title, brand, person, url=request.path, back=…, job=…,
                    about=f"ticket {ticket.pk}", messages=ticket.messages)
    return answer(request, matter, sent=ticket.add)
"""

from urllib.parse import urlencode

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django_htmx.http import HttpResponseClientRedirect

from comms.composer import template_previews
from comms.composer.composer import Composer
from comms.composer.draft_store import DraftStore
from comms.composer.files import add_files, remove_file
from comms.composer.matter import Matter
from comms.composer.offers import version_of
from comms.composer.presets import MessagePreset
from comms.composer.sending import Sent, note_consent, send
from comms.gate.views.ledger import BY_HAND
from comms.models import Consent, Draft, Message
from comms.models.draft import join_texts
from crm.kernel.refusal import Refused
from crm.platform.access.permissions import allows
from crm.web.requests.http import TenantRequest

PAGE = "comms/composer/write.html"


def answer(request: TenantRequest, matter: Matter, sent: Sent | None = None) -> HttpResponse:
    """Show the composer of a matter, or handle its form. `sent`: called with the message in its transaction."""
    composer = Composer(request, matter)
    if composer.way is None:
        return _composer_page(request, composer)
    if request.method != "POST":
        if "preview" in request.GET:
            return _preview_response(request, composer)
        return _composer_page(request, composer)
    if at_once := _at_once(composer):
        # Nothing runs on its page to keep what was typed since the last draft.
        composer.store_draft()
        return redirect(at_once.url, preserve_request=True)
    picked = version_of(request.POST.get("pick", ""), matter, composer.way.medium)
    preset = _preset_of(request.POST.get("pick", ""), composer)
    if picked or preset:
        act = "pick"
    else:
        act = _requested_act(request)
    if picked:
        composer.text.use_template(picked)
    elif preset:
        composer.text.use_preset(preset)
    elif act == "drop":
        composer.written.preset = ""
    elif act == "words":
        composer.text.edit_template_words()
    elif act == "without":
        composer.text.remove_template()
    elif act == "all":
        composer.recipient.reply_to_all()
    if act == "draft":
        composer.drafts.store_while_typing(composer.written, composer.recipient.point.value, composer.now)
        return render(request, "comms/composer/_before.html", context(composer) | {"kept": True})
    if act == "channel":
        _change_channel(composer, request.POST.get("channel", ""))
        return _composer_page(request, composer)
    composer.store_draft()
    _add_uploads(composer)
    if act == "remove":
        remove_file(composer.get_or_create_draft(), request.POST["remove"], by=request.member)
    if act in ("files", "remove") and request.htmx:
        return render(request, "comms/composer/_files.html", context(composer))
    if act == "consent":
        return _consent_response(request, composer)
    if act:
        return _composer_page(request, composer)
    return _send_response(request, composer, sent)


def _at_once(composer: Composer) -> MessagePreset | None:
    """Return the preset without text that a page without JavaScript requests by its own address."""
    uid = composer.given.get("once", "")
    return next((one for one in composer.presets if one.uid == uid and one.url), None)


def _preset_of(uid: str, composer: Composer) -> MessagePreset | None:
    """Return the preset with text that the form names."""
    return next((one for one in composer.presets if one.uid == uid and not one.url), None)


def context(composer: Composer) -> dict[str, object]:
    """Return the context of `comms/composer/_composer.html`, for a page that includes it."""
    page_context: dict[str, object] = {"composer": composer, "matter": composer.matter}
    if composer.way is None:
        return page_context
    if composer.text.is_filled_in and composer.written.version:
        page_context["shown"] = template_previews.whole(composer, composer.written.version)
    page_context["sources"] = [choice for choice in Consent.Source.choices if choice[0] in BY_HAND]
    return page_context


def _composer_page(request: TenantRequest, composer: Composer, status: int = 200) -> HttpResponse:
    part = "#dialog" if request.htmx.target == "dialog" else "#parts"  # opened there, or drawn anew where it stands
    return render(request, f"{PAGE}{part}" if request.htmx else PAGE, context(composer), status=status)


def _preview_response(request: TenantRequest, composer: Composer) -> HttpResponse:
    """Preview a template or preset of the picker, filled in."""
    preset = next((one for one in composer.presets if one.uid == request.GET["preview"]), None)
    if preset:
        words = template_previews.preset(composer, preset)
        return render(request, "comms/composer/_preview_preset.html", {"composer": composer, "preset": preset, **words})
    version = version_of(request.GET["preview"], composer.matter, composer.way.medium)
    words = {}
    if version:
        words = template_previews.short(composer, version)
    return render(request, "comms/composer/_preview.html", {"composer": composer, "version": version, **words})


@transaction.atomic
def _change_channel(composer: Composer, medium: str) -> None:
    """Move text and files to the draft of another medium, below the text there. Unknown media change nothing."""
    way = next((way for way in composer.ways if way.medium == medium), composer.way)
    if way == composer.way:
        return
    composer.store_draft()
    text = composer.written.text
    draft = Draft.at(composer.drafts.key).first()
    if draft and text:
        draft.text = draft.preset = ""
        draft.save(update_fields=["text", "preset"])
    composer.open(way, DraftStore(composer.matter, composer.member, way).read())
    if composer.written.text:
        composer.written.text = join_texts(composer.written.text, text)
    else:
        composer.written.text = text
    composer.written.is_typed = composer.written.is_typed or bool(text)
    composer.store_draft()
    if draft and way.takes_files and draft.files.exists():
        draft.files.update(draft=composer.get_or_create_draft())


def _consent_response(request: TenantRequest, composer: Composer) -> HttpResponse:
    try:
        if not allows(request.member, "comms.consent"):
            raise Refused(_("You can’t record consent."))
        note_consent(composer)
    except Refused as why:
        composer.trouble = str(why)
        return _composer_page(request, composer, 422)
    composer = Composer(request, composer.matter)  # what the gate knows is another thing now
    composer.told = _("Noted.")
    return _composer_page(request, composer)


def _requested_act(request: TenantRequest) -> str:
    """Return the action of the pressed button; blank: send."""
    return next((name for name in ("channel", "remove") if request.POST.get(name)), request.POST.get("act", ""))


def _add_uploads(composer: Composer) -> None:
    """Add the uploaded files to the draft; files that can't be added are reported there."""
    uploads = composer.request.FILES.getlist("files")
    if not uploads:
        return
    try:
        add_files(composer.get_or_create_draft(), uploads, by=composer.member)
    except Refused as why:
        composer.file_trouble = str(why)


def _send_response(request: TenantRequest, composer: Composer, sent: Sent | None) -> HttpResponse:
    try:
        message = send(composer, sent)
    except Refused as why:
        composer.trouble = str(why)
        return _composer_page(request, composer, 422)
    # Taken back, it is written on where it was written.
    undo = reverse("outbox:cancel", args=[request.tenant.slug, message.uid])
    undo = f"{undo}?{urlencode({'back': composer.matter.back})}"
    messages.success(request, _departure_text(composer, message), extra_tags=undo)
    back = composer.matter.next_url or composer.matter.back
    if request.htmx:
        return HttpResponseClientRedirect(back)
    return redirect(back)


def _departure_text(composer: Composer, message: Message) -> str:
    if composer.leaves_at and message.send_at:
        return _("It will be sent %(when)s.") % {"when": composer.reader.near(message.send_at)}
    return _("It will be sent in 15 seconds.")
