"""The page of a run and its progress fragment, refreshed by hints: components/run.html."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise, cached_property

from crm.platform.access.permissions import allows
from crm.platform.models import Run
from crm.platform.work.runs import is_parked
from crm.web.requests.http import TenantRequest, is_fragment


@dataclass(frozen=True)
class RunPage:
    """The page of a run: its template, URLs and texts."""

    run: Run
    # Its partial `state` stands below the bar, and in its place once the run is over.
    template: str
    url: str
    # How far it is, and what the bar counts.
    sentence: str
    counts: str | Promise
    cancel_url: str = ""
    cancel_label: str | Promise = ""
    # The way back, for a page that carries it along.
    next: str = ""
    # Whether the rest of the page has something else to say once the run is over.
    is_whole: bool = False

    @property
    def state(self) -> str:
        return f"{self.template}#state"

    @cached_property
    def is_parked(self) -> bool:
        """True if the run failed too often and must be handled by a person."""
        return is_parked(self.run)

    def answer(self, request: TenantRequest, context: dict[str, Any]) -> HttpResponse:
        """Render the page, or only the fragment for a refresh."""
        may_replay = request.member is not None and allows(request.member, "work.replay")
        context = {"run": self.run, "page": self, "may_replay": may_replay, **context}
        if not is_fragment(request):
            return render(request, self.template, context)
        response = render(request, "components/run.html", context)
        if self.is_whole and not self.run.is_working:
            response["HX-Refresh"] = "true"
        return response
