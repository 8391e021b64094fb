"""Settings pages and their POST actions: decorators that make views of functions.

The page answers each of them with what is true now: in place for htmx, else after a redirect.
"""

from collections.abc import Callable
from functools import partial, update_wrapper, wraps
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from crm.kernel.refusal import Refused
from crm.web.requests.form_version import is_posted, is_stale, stale_message
from crm.web.requests.http import TenantRequest, is_fragment
from crm.web.requests.permissions import View, require
from crm.web.requests.reauthentication import ask_to_confirm, recently_confirmed
from crm.web.settings.named_rows import NamedRows

Context = dict[str, Any]
Show = Callable[..., HttpResponse]
# Does something and says what is done; a response is given as it is.
Act = Callable[..., str | HttpResponse]
# Of what the address names, the object an action is about. Raises Http404.
Find = Callable[..., Any]
# The template and the context of the page that says first what an action would do; no context: there is nothing to ask.
Asking = tuple[str, Callable[..., Context | None]]
ARCHIVED = _("“%(name)s” is archived.")
RESTORED = _("“%(name)s” was restored.")
ADDED = _("“%(name)s” was added.")
SAVED = _("“%(name)s” was saved.")


def settings_page(
    name: str,
    permission: str,
    shows: str | NamedRows,
    *,
    version: Callable[..., str] | None = None,
    of: tuple[str, ...] = (),
) -> "Callable[[Callable[..., Context]], SettingsPage]":
    """Decorator: make a settings page of a function that returns its context. `name`: URL name, `of`: URL arguments.

    `shows`: its template, or the named rows it is about.
    `version` is a mark of what its forms show, which they carry; such a page answers htmx with its part `content`.
    """
    return partial(SettingsPage, name, permission, shows, version, of)


class SettingsPage:
    """The view of a settings page; `action` makes the views of its actions."""

    def __init__(
        self,
        name: str,
        permission: str,
        shows: str | NamedRows,
        version: Callable[..., str] | None,
        of: tuple[str, ...],
        context: Callable[..., Context],
    ) -> None:
        self.name = name
        self.permission = permission
        self.named_rows = None
        if isinstance(shows, NamedRows):
            self.named_rows = shows
            self.template = "settings_rows.html"
        else:
            self.template = shows
        self._version = version
        self._of = of
        self._context = context
        self._view = require(permission)(self._render_page)
        update_wrapper(self, context)

    def __call__(self, request: TenantRequest, **named: Any) -> HttpResponse:
        return self._view(request, named)

    def action(
        self,
        find: Find | None = None,
        *,
        ask: Asking | None = None,
        permission: str = "",
        reauthenticates: bool = False,
        any_version: bool = False,
    ) -> Callable[[Act], View]:
        """Decorator: make a view of an action on the row `find` returns, with an optional confirmation and permission.

        Changed since the form was made: 409 and how it is now. Refused: 422 and why. `reauthenticates`: members confirm
        first that it is them, and then come back to the page. `any_version`: whatever was changed since, as for a
        kill switch; its form carries no version.
        """

        def decorate(act: Act) -> View:
            @require(permission or self.permission)
            @wraps(act)
            def view(request: TenantRequest, **named: Any) -> HttpResponse:
                posted = is_posted(request)
                arguments = {key: named[key] for key in self._of}
                targets = []
                if find:
                    targets = [find(**named)]
                if ask:
                    show = partial(self._render_question, request, arguments, ask, targets)
                else:
                    show = partial(self._render_page, request, arguments)
                if posted and reauthenticates and not recently_confirmed(request):
                    return ask_to_confirm(request, self.name, *arguments.values())
                if posted:
                    return self._run_action(request, arguments, partial(act, request, *targets), show, any_version)
                return show()

            if ask:
                return view
            return require_POST(view)

        return decorate

    def archive_actions(
        self, find: Find, *, archived: str | Promise = ARCHIVED, restored: str | Promise = RESTORED
    ) -> tuple[View, View]:
        """Return the views that archive and restore the row `find` returns, with their messages."""

        def archive(request: TenantRequest, row: Any) -> str:
            row.archive(by=request.member)
            return str(archived) % {"name": row.name}

        def restore(request: TenantRequest, row: Any) -> str:
            row.restore(by=request.member)
            return str(restored) % {"name": row.name}

        return self.action(find)(archive), self.action(find)(restore)

    def row_actions(
        self, model: Any, read: Callable[[TenantRequest, Any], Context], *, added: str | Promise = ADDED
    ) -> tuple[View, View, View, View]:
        """Return the views that add, edit, archive and restore rows. `read` parses a row's fields (None: new row)."""

        def find(pk: int) -> Any:
            return get_object_or_404(model.objects.all(), pk=pk)

        def add(request: TenantRequest) -> str:
            row = model.add(**read(request, None), by=request.member)
            return str(added) % {"name": row.name}

        def edit(request: TenantRequest, row: Any) -> str:
            row.edit(**read(request, row), by=request.member)
            return str(SAVED) % {"name": row.name}

        return self.action()(add), self.action(find)(edit), *self.archive_actions(find)

    def shown(self, request: TenantRequest, told: str, **arguments: Any) -> HttpResponse:
        """Return the page with a message, for an action that shows something and changes nothing."""
        return self._render_page(request, arguments, told=told)

    def _run_action(
        self, request: TenantRequest, arguments: Context, act: Act, show: Show, any_version: bool
    ) -> HttpResponse:
        if self._version and not any_version and is_stale(request, self._version(**arguments)):
            return show(409, stale_message())
        try:
            with transaction.atomic():
                done = act()
        except Refused as why:
            return show(422, str(why))
        if isinstance(done, HttpResponse):
            return done
        if self._version and is_fragment(request):
            return show(200, done)
        messages.success(request, done)
        return self._redirect_back(request, arguments)

    def _render_page(
        self, request: TenantRequest, arguments: Context, status: int = 200, told: str = ""
    ) -> HttpResponse:
        part = ""
        if self._version and is_fragment(request):
            part = "#content"
        # What was sent and where, for its form to stand there as it was filled in where it is refused.
        sent = {}
        if status >= 400:
            sent = {"given": request.POST, "tried": request.path}
        context = self._context(request, **arguments) | self._message_context(arguments, status, told) | sent
        context["named_rows"] = self.named_rows
        return render(request, self.template + part, context, status=status)

    def _render_question(
        self,
        request: TenantRequest,
        arguments: Context,
        ask: Asking,
        targets: list[Any],
        status: int = 200,
        told: str = "",
    ) -> HttpResponse:
        template = ask[0]
        context = ask[1](*targets)
        if context is None:
            return self._redirect_back(request, arguments)
        return render(request, template, context | self._message_context(arguments, status, told), status=status)

    def _message_context(self, arguments: Context, status: int, told: str) -> Context:
        version = ""
        if self._version:
            version = self._version(**arguments)
        return {"version": version, "told": told, "trouble": status >= 400}

    def _redirect_back(self, request: TenantRequest, arguments: Context) -> HttpResponse:
        return redirect(self.name, request.tenant.slug, *arguments.values())
