"""The template library: search, create, edit, archive and restore templates."""

from typing import Any, NamedTuple
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST

from comms.automation.uses import pause_broken_rules, uses
from comms.library.catalogue import catalogue
from comms.models import Purpose, Template, TemplateVersion
from comms.views.library.lookup import found_template, media
from crm.kernel.refusal import Refused
from crm.platform.access.permissions import allows
from crm.platform.models.tenant import lock_configuration
from crm.platform.organization.configuration import directory
from crm.web.requests.form_version import is_posted, is_stale, render_form, render_stale_form, version_of
from crm.web.requests.http import TenantRequest
from crm.web.requests.permissions import require
from crm.web.settings.fields import checkbox_field, select_field, set_choices, text_field
from crm.web.shell.palette import matches

PAGE = "comms/templates/settings.html"


class TemplateLine(NamedTuple):
    """A template in the list."""

    template: Template
    media: list[str]
    languages: list[str]
    waiting: int
    # Where WhatsApp's approval of its texts stands, unless it is given.
    whatsapp: list[str]
    brand: str


class TemplateShelf(NamedTuple):
    """The templates of a category."""

    label: str
    lines: list[TemplateLine]


class TemplateForm(forms.Form):
    """The properties of a template, besides its texts."""

    name = text_field(gettext_lazy("Name"), 80)
    category = select_field(gettext_lazy("Folder"), Template.Category.choices)
    purpose = select_field(
        gettext_lazy("Purpose"),
        hint=gettext_lazy(
            "Decides which consent is needed and whether the message counts toward the limit. "
            "Transactional: about their order. Service: keeping in touch. Marketing: offers, needs consent. "
            "Security: protects an account."
        ),
    )
    brand = select_field(gettext_lazy("Brand"), required=False)
    sent_as = checkbox_field(gettext_lazy("Sent as"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        brands = directory().brands.values()
        set_choices(self, "category", Template.Category.choices)
        set_choices(self, "purpose", Purpose.choices)
        set_choices(self, "sent_as", list(media().items()))
        set_choices(self, "brand", [("", _("All brands")), *((str(one.uid), one.name) for one in brands)])

    @property
    def facts(self) -> dict[str, Any]:
        """Return the fields to save."""
        cleaned = self.cleaned_data
        brand = next((one for one in directory().brands.values() if str(one.uid) == cleaned["brand"]), None)
        facts = {name: cleaned[name] for name in ("name", "category", "purpose")}
        return facts | {"brand": brand, "media": cleaned["sent_as"]}


@require("templates.view")
def templates(request: TenantRequest) -> HttpResponse:
    """List the templates by category; `q`: search in name and key."""
    query = request.GET.get("q", "")[:80]
    shelves_found = shelves(query)
    catalogue_ = catalogue()
    count = len(catalogue_.live())
    spoken = len({language for _pk, _medium, language in catalogue_.texts})
    archived = [one for one in catalogue_.templates.values() if one.archived_at and matches(query, one.name, one.key)]
    context = {
        "shelves": shelves_found,
        "q": query,
        "archived": archived,
        "may_edit": allows(request.member, "templates.edit"),
        "may_set_prices": allows(request.member, "comms.set_up"),
        "count": ngettext("%(count)s template", "%(count)s templates", count) % {"count": count},
        "spoken": ngettext("%(count)s language", "%(count)s languages", spoken) % {"count": spoken},
    }
    return render(request, "comms/templates/library.html", context)


def shelves(asked: str) -> list[TemplateShelf]:
    """Return the templates in use by category, filtered by a query."""
    lines: dict[str, list[TemplateLine]] = {category: [] for category in Template.Category.values}
    for template in catalogue().live():
        if matches(asked, template.name, template.key):
            lines[template.category].append(_template_line(template))
    return [
        TemplateShelf(str(Template.Category(name).label), lines_of_shelf)
        for name, lines_of_shelf in lines.items()
        if lines_of_shelf
    ]


def _template_line(template: Template) -> TemplateLine:
    texts = catalogue().of(template)
    words = media()
    states = [text.newest.whatsapp_state for (medium, _language), text in texts.items() if medium == "whatsapp"]
    troubled = sorted({state for state in states if state != TemplateVersion.WhatsApp.APPROVED})
    brand = directory().brands.get(template.brand_id or 0)
    return TemplateLine(
        template,
        [words[medium] for medium in template.media],
        [language.upper() for language in catalogue().languages(template)],
        sum(one.is_waiting for one in texts.values()),
        [str(TemplateVersion.WhatsApp(state).label) for state in troubled],
        brand.name if brand else "",
    )


@require("templates.edit")
def create(request: TenantRequest) -> HttpResponse:
    """Create a template and open its first text."""
    posted = is_posted(request)
    start = {"category": Template.Category.OWN, "purpose": Purpose.SERVICE, "sent_as": ["email"]}
    form = TemplateForm(request.POST if posted else None, initial=start)
    if posted and form.is_valid():
        try:
            template = Template.create(by=request.member, **form.facts)
        except Refused as why:
            form.add_error(None, str(why))
        else:
            return redirect("comms:template", request.tenant.slug, template.uid)
    return render_form(request, PAGE, form, {}, "")


@require("templates.edit")
def settings(request: TenantRequest, uid: UUID) -> HttpResponse:
    """Change a template's name, category, purpose, brand and media."""
    posted = is_posted(request)
    template = found_template(uid)
    brand = directory().brands.get(template.brand_id or 0)
    before: dict[str, Any] = {name: getattr(template, name) for name in ("name", "category", "purpose")}
    before["sent_as"] = template.media
    if brand:
        before["brand"] = str(brand.uid)
    else:
        before["brand"] = ""
    version = version_of(before, template.archived_at)
    page = {"template": template, "uses": uses(request, template.key)}
    if not posted:
        return render_form(request, PAGE, TemplateForm(initial=before), page, version)
    if is_stale(request, version):
        return render_stale_form(request, PAGE, TemplateForm(initial=before), page, version)
    form = TemplateForm(request.POST)
    if form.is_valid():
        try:
            template.edit(by=request.member, **form.facts)
        except Refused as why:
            form.add_error(None, str(why))
        else:
            messages.success(request, _("Saved."))
            return redirect("comms:template", request.tenant.slug, template.uid)
    return render_form(request, PAGE, form, page, version)


@require("templates.edit")
@require_POST
def archive(request: TenantRequest, uid: UUID) -> HttpResponse:
    """Archive a template; triggers that use it are shown first, and paused."""
    lock_configuration()
    template = found_template(uid)
    users = uses(request, template.key)
    version = version_of([use.name for use in users])
    if users and is_stale(request, version):
        context = {"template": template, "uses": users, "version": version}
        return render(request, "comms/templates/archive.html", context)
    template.archive(by=request.member)
    pause_broken_rules(template.key)
    messages.success(request, _("The template is archived and no longer offered."))
    return redirect("comms:templates", request.tenant.slug)


@require("templates.edit")
@require_POST
def restore(request: TenantRequest, uid: UUID) -> HttpResponse:
    """Restore an archived template."""
    found_template(uid).restore(by=request.member)
    messages.success(request, _("The template is offered again."))
    return redirect("comms:template", request.tenant.slug, uid)
