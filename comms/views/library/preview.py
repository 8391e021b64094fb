"""The preview beside the editor: the message for a real record on every screen, and its checks."""

from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_POST

from comms.library.context import context_for, subject_of
from comms.library.mail_preview import find_mail_preview, mail_preview_url
from comms.library.prices import cost_in_words
from comms.library.variables import examples, variable_names
from comms.models import Medium
from comms.rendering import mail_document, markup
from comms.rendering.content import Content, check, part_names
from comms.rendering.liquid_text import TemplateProblem, TooMuch
from comms.rendering.mail_document import CLIPPED_AT, MailLook
from comms.rendering.rendering import Context, Rendered, fill_in, from_written, gaps_in, mail_as_seen
from comms.rendering.segments import Segments
from comms.views.library.lookup import TextLocation, content_of, found_template, place_of, records_like
from crm.jobs.models import Job
from crm.platform.models import Brand
from crm.platform.organization.configuration import directory
from crm.web.requests.http import TenantRequest
from crm.web.requests.permissions import require

# What a mail in the frame may do: show its own styles and inline pictures. It runs nothing and fetches nothing.
MAIL_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'; sandbox"
LONG_SUBJECT = 60


@dataclass(frozen=True)
class PreviewCheck:
    """A line below the editor; `css` is its severity."""

    css: str
    words: str
    # A button that mends it: what it sends as `act`, and its words.
    act: str = ""
    label: str = ""


@require("templates.view")
@require_POST
def preview(request: TenantRequest, uid: Any) -> HttpResponse:
    """Preview the typed text without saving it."""
    place = place_of(found_template(uid), request.POST)
    page_context = preview_of(request, place, content_of(place.medium, request.POST), request.POST)
    return render(request, "comms/templates/_preview.html", page_context)


@require("templates.view")
@xframe_options_sameorigin
def mail(request: TenantRequest, code: str) -> HttpResponse:
    """Show an email in the preview frame under its own policy, for the member who created it."""
    html = find_mail_preview(request, code)
    if html is None:
        raise Http404
    response = HttpResponse(html)
    response["Content-Security-Policy"] = MAIL_POLICY
    return response


def preview_of(request: TenantRequest, place: TextLocation, content: Content, asked: Any) -> dict[str, Any]:
    """Return the preview's context for the typed text and the chosen record."""
    text = asked.get("as", "")[:120]
    jobs = records_like(text, request.member)
    job = next((one for one in jobs if str(one.number) == asked.get("job")), jobs[0] if jobs else None)
    page_context: dict[str, Any] = {
        "place": place,
        "hits": jobs,
        "record": job,
        "as_text": text,
        "dark": "dark" in asked,
    }
    problems = check(place.medium, content, variable_names())
    if problems:
        return page_context | {"checks": [_problem_check(problem) for problem in problems], "broken": True}
    brand = _preview_brand(place, job)
    context = _build_context(request, place, content, job, brand)
    try:
        made = fill_in(content, context)
    except (TooMuch, ValueError):
        return page_context | {"checks": [PreviewCheck("crit", _("The message is too long."))], "broken": True}
    rendered = from_written(made, content, context, place.medium)
    gaps = gaps_in(made)
    checks = [*_gap_checks(gaps, job), *_medium_checks(place, rendered, content, brand)]
    drawn = _preview_context(request, place, made, rendered, context, brand, page_context["dark"])
    return page_context | {"checks": checks, "brand": brand} | drawn


def _preview_brand(place: TextLocation, job: Job | None) -> Brand:
    organization = directory()
    return (
        organization.brands.get(place.template.brand_id or (job.brand_id if job else 0)) or organization.default_brand
    )


def _build_context(
    request: TenantRequest, place: TextLocation, content: Content, job: Job | None, brand: Brand
) -> Context:
    if job is None:
        return Context(examples(), MailLook(brand.name, brand.hue), place.language, _unsubscribe_address(place))
    subject = subject_of(brand=brand, language=place.language, job=job, sender=request.member)
    return context_for(subject, content, medium=place.medium, unsubscribe_url=_unsubscribe_address(place))


def _unsubscribe_address(place: TextLocation) -> str:
    """Return the unsubscribe address of this purpose; a dummy in a preview."""
    if place.template.purpose in ("marketing", "service"):
        return "https://unsubscribe.invalid/"
    return ""


def _preview_context(
    request: TenantRequest,
    place: TextLocation,
    made: Content,
    rendered: Rendered,
    context: Context,
    brand: Brand,
    dark: bool,
) -> dict[str, Any]:
    if place.medium == Medium.EMAIL:
        frames = mail_as_seen(made, context, "dark" if dark else "light")
        url = mail_preview_url(request, frames)
        weight = -(-mail_document.weight(rendered.html) // 1024)
        return {
            "rendered": rendered,
            "frame": url,
            "weight": weight,
            "subject": markup.inline(made["subject"], markup.mark_value),
        }
    lines = str(made["text" if place.medium == Medium.SMS else "body"]).split("\n")
    page_context = {
        "rendered": rendered,
        "lines": [markup.inline(line, markup.mark_value) for line in lines],
        "segments": rendered.segments,
        "header": markup.inline(made.get("header", ""), markup.mark_value),
    }
    if rendered.segments:
        page_context["cost"] = cost_in_words(rendered.segments, brand, "")
    return page_context


def _problem_check(problem: TemplateProblem) -> PreviewCheck:
    where = part_names().get(problem.part, problem.part)
    if problem.line > 1:
        where = _("%(part)s, line %(line)s") % {"part": where, "line": problem.line}
    return PreviewCheck("crit", f"{where}: {problem.text}")


def _gap_checks(gaps: list[str], job: Job | None) -> list[PreviewCheck]:
    if not gaps:
        return [PreviewCheck("won", _("Every variable has a value."))]
    if job:
        whom = job.title
    else:
        whom = _("the example")
    text = _("%(name)s is empty for %(whom)s, so nothing is sent to them. Add a fallback: %(fallback)s")
    return [
        PreviewCheck("late", text % {"name": name, "whom": whom, "fallback": f'{{{{ {name} | default: "…" }}}}'})
        for name in gaps
    ]


def _medium_checks(place: TextLocation, rendered: Rendered, content: Content, brand: Brand) -> list[PreviewCheck]:
    checks = []
    if place.medium == Medium.EMAIL:
        size = mail_document.weight(rendered.html)
        if size > CLIPPED_AT:
            checks.append(PreviewCheck("late", _("Larger than 102 kB: Gmail cuts off the end.")))
        if len(rendered.subject) > LONG_SUBJECT:
            checks.append(PreviewCheck("soon", _("The subject is longer than 60 characters; phones cut it off.")))
        if not content["preheader"]:
            checks.append(
                PreviewCheck("soon", _("Without a preview line the inbox shows the first words of the text."))
            )
        return checks
    if brand.name not in rendered.text:
        checks.append(PreviewCheck("soon", _("The message doesn’t name your company: add {{ brand.name }}.")))
    if place.medium == Medium.SMS and rendered.segments:
        checks += _segment_checks(rendered.segments)
    return checks


def _segment_checks(segments: Segments) -> list[PreviewCheck]:
    checks = []
    if segments.strange:
        names = " ".join(segments.strange[:12])
        text = _("These characters limit each part to 70 characters instead of 160: %(characters)s") % {
            "characters": names
        }
        nothing = _("nothing")
        swapped = ", ".join(f"{strange} → {plain or nothing}" for strange, plain in segments.replaceable[:6])
        label = ""
        if swapped:
            label = _("Replace: %(swaps)s") % {"swaps": swapped}
        checks.append(PreviewCheck("soon", text, "plain" if label else "", label))
    if segments.parts > 1:
        text = ngettext(
            "%(parts)s texts long; %(over)s character less makes it one less.",
            "%(parts)s texts long; %(over)s characters less make it one less.",
            segments.over,
        )
        checks.append(PreviewCheck("soon", text % {"parts": segments.parts, "over": segments.over}))
    return checks
