"""Actions on a whole quote: options, texts, conditions, versions, approval, withdrawing and declining."""

from django.http import HttpResponse
from django.utils.translation import gettext as _

from crm.kernel.days import parse_typed_day
from crm.kernel.refusal import Refused
from crm.platform.organization.configuration import directory
from crm.web.requests.http import TenantRequest
from quotes.editor.line_values import template_content
from quotes.editor.other_price import read_other_price
from quotes.editor.quote_action import action, posted_option, sheet
from quotes.models import DeclineReason, Quote, QuoteOption, QuoteTemplate, VersionContent
from quotes.models.quote_template import quote_templates
from quotes.typed_numbers import parse_percent, plain_percent


def _ask_option(request: TenantRequest, row: Quote) -> HttpResponse:
    uid = request.GET.get("edit", "")
    options = row.newest_version().read_options()
    option = next((one for one in options if str(one.uid) == uid), None)
    return sheet(request, row, "quotes/_option_form.html", {"option": option, "is_first": not options})


@action(ask=_ask_option)
def option(request: TenantRequest, row: Quote) -> str:
    """Add an option, or change one: its name, its description, and whether it is the one we propose."""
    name = request.POST.get("name", "")
    description = request.POST.get("description", "")
    row.lock_draft()
    changed = posted_option(request, row, "edit")
    if changed is None:
        row.add_option(name, by=request.member, description=description, proposed="proposed" in request.POST)
        return _("“%(name)s” was added.") % {"name": name}
    row.change_option(changed.pk, name, description, by=request.member)
    if "proposed" in request.POST:
        row.propose_option(changed.pk, by=request.member)
    return _("Saved.")


@action()
def remove_option(request: TenantRequest, row: Quote) -> str:
    """Remove an option with its own lines."""
    row.lock_draft()
    removed: QuoteOption | None = posted_option(request, row, "edit")
    if removed is None:
        raise Refused(_("Choose one of the options."))
    row.remove_option(removed.pk, by=request.member)
    return _("“%(name)s” was removed.") % {"name": removed.name}


def _ask_conditions(request: TenantRequest, row: Quote) -> HttpResponse:
    version = row.newest_version()
    country = directory().brands[row.brand_id].country
    context = {"version": version, "deposit": plain_percent(version.deposit_ppm, country)}
    return sheet(request, row, "quotes/_conditions_form.html", context)


@action(ask=_ask_conditions)
def conditions(request: TenantRequest, row: Quote) -> str:
    """Change title, validity, deposit, terms, and our note on what is new."""
    posted = request.POST
    country = directory().brands[row.brand_id].country
    row.set_texts(
        title=posted.get("title", ""),
        terms=posted.get("terms", "")[:20_000],
        note=" ".join(posted.get("note", "").split())[:120],
        by=request.member,
    )
    row.set_conditions(
        valid_until=parse_typed_day(posted.get("valid_until", "")),
        deposit_ppm=parse_percent(posted.get("deposit", ""), country),
        by=request.member,
    )
    return _("Saved.")


@action()
def revise(request: TenantRequest, row: Quote) -> str:
    """Begin a new version."""
    row.revise(by=request.member)
    return _("Version %(number)s is a copy that you can change.") % {"number": row.newest}


@action()
def drop_draft(request: TenantRequest, row: Quote) -> str:
    """Drop the draft of a new version."""
    row.drop_draft(by=request.member)
    return _("The new version was dropped.")


def _ask_discard(request: TenantRequest, row: Quote) -> HttpResponse:
    return sheet(request, row, "quotes/_discard_form.html", {})


@action(ask=_ask_discard)
def discard(request: TenantRequest, row: Quote) -> str:
    """Delete a quote that was never sent."""
    row.discard(by=request.member)
    return _("%(quote)s is deleted.") % {"quote": row.code}


@action("quote.withdrawn", permission="quotes.send")
def withdraw(request: TenantRequest, row: Quote) -> str:
    """Take a sent quote back."""
    row.withdraw(by=request.member)
    return _("%(quote)s is withdrawn: the customer can no longer accept it.") % {"quote": row.code}


def _ask_decline(request: TenantRequest, row: Quote) -> HttpResponse:
    return sheet(request, row, "quotes/_decline_form.html", {"reasons": DeclineReason.choices})


@action("quote.declined", ask=_ask_decline)
def decline(request: TenantRequest, row: Quote) -> str:
    """Note that the customer said no, and why."""
    price = read_other_price(request, row)
    if price is not None:
        row.note_other_price(price, request.POST.get("other_company", ""), by=request.member)
    row.decline(request.POST.get("reason", ""), note=request.POST.get("note", ""), by=request.member)
    return _("Noted: the customer declined %(quote)s.") % {"quote": row.code}


@action()
def request_approval(request: TenantRequest, row: Quote) -> str:
    """Ask the approvers."""
    if row.request_approval(by=request.member, note=request.POST.get("note", "")) is None:
        return _("No approval is needed.")
    return _("The approvers are told.")


@action(permission="quotes.approve")
def approve(request: TenantRequest, row: Quote) -> str:
    """Approve the draft as it is shown."""
    row.approve(by=request.member, answer=request.POST.get("answer", ""))
    return _("Approved.")


@action(permission="quotes.approve")
def refuse_approval(request: TenantRequest, row: Quote) -> str:
    """Refuse an approval, with a reason."""
    row.refuse_approval(request.POST.get("answer", ""), by=request.member)
    return _("Not approved. Who asked is told why.")


@action(permission="quotes.approve")
def approve_contract(request: TenantRequest, row: Quote) -> str:
    """Approve the contract that the customer signed."""
    row.approve_contract(by=request.member, answer=request.POST.get("answer", ""))
    return _("The contract is approved. The customer is told, and the work can go on.")


@action(permission="quotes.approve")
def return_contract(request: TenantRequest, row: Quote) -> str:
    """Return the contract with a reason, and begin a new version."""
    row.return_contract(request.POST.get("answer", ""), by=request.member)
    return _("The contract is returned. The customer is told why; version %(number)s is yours to change.") % {
        "number": row.newest
    }


def _ask_template(request: TenantRequest, row: Quote) -> HttpResponse:
    names = [one.name for one in quote_templates() if one.archived_at is None]
    return sheet(request, row, "quotes/_template_form.html", {"names": names})


@action(ask=_ask_template, permission="quotes.set_up")
def save_template(request: TenantRequest, row: Quote) -> str:
    """Save options and lines as a template; one of the same name is replaced."""
    name = " ".join(request.POST.get("name", "").split())
    version = row.newest_version()
    fields = {
        "title": row.title,
        "intro": version.intro,
        "content": template_content(VersionContent(version)),
        "pipeline": row.job.pipeline if "of_pipeline" in request.POST else None,
    }
    older = next((one for one in quote_templates() if one.name.casefold() == name.casefold()), None)
    if older:
        QuoteTemplate.objects.get(pk=older.pk).edit(older.name, by=request.member, **fields)
    else:
        QuoteTemplate.add(name, by=request.member, **fields)
    return _("New quotes can begin with “%(name)s”.") % {"name": name}
