"""Views that call one model method on a row: find and lock it, run the method, record it for undo, answer with a toast.

What is refused is answered here, in one place: Stale with 409, Refused and an invalid form with 422. An app says once
how its rows are found and answered for (a subclass of RowAction), and decorates a function a verb with it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from http import HTTPStatus
from typing import Any, Generic, TypeVar, cast

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from crm.kernel.refusal import Refused, Stale
from crm.platform import undo
from crm.platform.models import Change, Versioned
from crm.web.requests.form_version import stale_message
from crm.web.requests.http import TenantRequest
from crm.web.requests.local_path import next_page
from crm.web.requests.permissions import View, require
from crm.web.shell.record_pages import records_url

R = TypeVar("R", bound=Versioned)
# Reads the form, calls the verb on the locked row, and says what was done.
Act = Callable[[TenantRequest, R], str]
# What a GET of it shows: the form.
Ask = Callable[[TenantRequest, R], HttpResponse]


class InvalidForm(Exception):
    """Raised for an invalid form; `form` is shown again with its errors."""

    def __init__(self, form: Callable[[], HttpResponse]) -> None:
        super().__init__("the form is invalid")
        self.form = form


@dataclass(frozen=True)
class Toast:
    """The message after an action, with its undo URL."""

    text: str
    status: int = 200
    undo: str = ""
    # Where the missing next step of a moved lead is planned; it hinders nobody.
    plan: str = ""
    # Rows that stay as they are; the toast leads to them.
    about: tuple[Any, ...] = ()

    @property
    def css(self) -> str:
        return {200: "won", 409: "late"}.get(self.status, "crit")


class RowAction(Generic[R]):
    """Calls actions of one model from pages. `action(…)` returns the decorator of a view.

    As it stands it finds rows by their `uid`, compares the form's `version`, and answers with a message and the way
    back. A page that shows parts of itself anew overrides `answer`.
    """

    model: type[R]
    # The permission most of its verbs need.
    permission: str

    def find(self, request: TenantRequest, *, lock: bool, **named: Any) -> R:
        """Return the row of the URL, optionally locked, if the member may see it. Raises Http404."""
        seen = self.model._default_manager.all().visible_to(request.member)  # type: ignore[attr-defined]
        row: R = get_object_or_404(seen.select_for_update() if lock else seen, uid=named["uid"])
        return row

    def check(self, request: TenantRequest, row: R) -> None:
        """Raise Stale or Refused if the form does not match the row's current state."""
        row.expect_version(request.POST.get("version", ""))

    def answer(self, request: TenantRequest, row: R, toast: Toast) -> HttpResponse:
        """Return re-rendered fragments of the page, or that page; without scripts a message and a redirect."""
        if toast.status == HTTPStatus.OK:
            level = messages.SUCCESS
        else:
            level = messages.WARNING
        messages.add_message(request, level, toast.text, extra_tags=toast.undo)
        return redirect(safe_next(request) or records_url(type(row), request.tenant.slug))

    def stale_text(self, request: TenantRequest, row: R) -> str:
        """Return the message for a form that was sent after the row had changed."""
        return stale_message()

    def success_toast(self, request: TenantRequest, row: R, text: str, change: Change | None) -> Toast:
        """Return the toast of a successful action; `change` undoes it, if it can be undone."""
        undoable = change is not None and change.pk is not None
        return Toast(text, undo=reverse("undo", args=[request.tenant.slug, change.uid]) if change and undoable else "")

    def __call__(self, kind: str = "", *, permission: str = "", ask: Ask[R] | None = None) -> Callable[[Act[R]], View]:
        """Return the view of an action: POST runs it, GET shows `ask`. `kind`: its event kind; makes it undoable."""

        def decorate(act: Act[R]) -> View:
            @require(permission or self.permission)
            @wraps(act)
            def view(request: TenantRequest, **named: Any) -> HttpResponse:
                if ask and request.method != "POST":
                    return ask(request, self.find(request, lock=False, **named))
                return self.run(request, kind, act, named)

            if ask:
                return view
            return require_POST(view)

        return decorate

    def run(self, request: TenantRequest, kind: str, act: Act[R], named: dict[str, Any]) -> HttpResponse:
        """Run the action if the row is unchanged since it was shown. Writes are rolled back if it is refused."""
        row = self.find(request, lock=True, **named)
        try:
            self.check(request, row)
            with _open_savepoint(kind, row, request) as change:
                text = act(request, row)
        except Stale as late:
            return self.answer(request, row, Toast(late.text or self.stale_text(request, row), 409))
        except InvalidForm as invalid:
            return invalid.form()
        except Refused as why:
            row.refresh_from_db()
            return self.answer(request, row, Toast(str(why), 422))
        return self.answer(request, row, self.success_toast(request, row, text, change))


def _open_savepoint(kind: str, row: Versioned, request: TenantRequest) -> Any:
    """Open a savepoint, rolled back if the action is refused. With a kind, the action is recorded for undo."""
    if not kind:
        return transaction.atomic()
    return undo.record_undoable(kind, [cast("undo.Undoable", row)], by=request.member, locked=True)


def safe_next(request: TenantRequest) -> str:
    """Return the page named in the form if it is inside the tenant; otherwise blank."""
    return next_page(request, below=f"/{request.tenant.slug}/")
