"""Dialogs about money: a form in the dialog or as a page, and what its POST does."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django_htmx.http import HttpResponseClientRedirect

from billing.invoices.forms import MoneyForm
from crm.kernel.refusal import Refused
from crm.web.requests.http import TenantRequest, is_fragment

# Gets what was typed, calls the verb, and says what was done.
Act = Callable[[dict[str, Any]], str]


def answer_dialog(
    request: TenantRequest,
    form: MoneyForm,
    act: Act,
    *,
    title: str | Promise,
    button: str | Promise,
    back: str,
    **more: Any,
) -> HttpResponse:
    """Show a form; a valid POST calls `act` and leads to `back`. What is refused is shown in the form, with 422."""
    if request.method == "POST" and form.is_valid():
        try:
            with transaction.atomic():
                text = act(form.cleaned_data)
        except Refused as why:
            form.add_error(None, str(why))
        else:
            messages.success(request, text)
            return lead_back(request, back)
    part = ""
    if is_fragment(request):
        part = "#form" if request.method == "POST" else "#dialog"
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    context = {"form": form, "title": title, "button": button, "back": back, **more}
    return render(request, f"billing/dialog.html{part}", context, status=status)


def lead_back(request: TenantRequest, url: str) -> HttpResponse:
    """Redirect, also out of the dialog."""
    if getattr(request, "htmx", False):
        return HttpResponseClientRedirect(url)
    return redirect(url)
