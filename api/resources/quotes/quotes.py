"""Quotes of jobs that the token's member may see. Nothing is sent unless `send` is called."""

from typing import Any

from django.http import Http404
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.response import Response

from api.requests.problems import conflict_at
from api.resources.fields import LineField, NoBodySerializer, StrictSerializer, TextField, WholeField
from api.resources.named_setup import find_named
from api.resources.quotes.line_drafts import ContentSerializer, NewLineSerializer, NewOptionSerializer, add_content_of
from api.resources.quotes.quote_serializers import QuoteDetailSerializer, QuoteSerializer
from api.resources.resource import Resource
from crm.jobs.models import Job
from crm.platform.models import Member
from quotes.editor.line_values import clear_content, create_from
from quotes.models import Quote
from quotes.models.quote_template import offered_templates
from quotes.quote_list.quote_list import QUOTES
from quotes.sending.messages import reachable_points, send_quote


class NewQuoteSerializer(ContentSerializer):
    """A draft for a job: from a template, or of options and lines, or both."""

    job = WholeField(min_value=1, max_value=2**53, help_text="The id of a job.")
    title = LineField(max_length=120, required=False, help_text="What the customer reads above it.")
    template = LineField(max_length=80, required=False, help_text="A template of the settings, by name.")
    options = NewOptionSerializer(many=True, required=False)
    lines = NewLineSerializer(many=True, required=False)


class QuoteChangesSerializer(StrictSerializer):
    """Changes of a draft. What is left out stays as it is."""

    title = LineField(max_length=120, required=False)
    intro = TextField(max_length=4000, required=False, allow_blank=True)


class SendSerializer(StrictSerializer):
    """Where the quote is sent."""

    address = LineField(
        max_length=254, required=False, help_text="An email or phone of the customer; otherwise the best one."
    )


class Quotes(Resource):
    """Quotes."""

    scope = "quotes"
    read_permission = "quotes.view"
    write_permission = "quotes.edit"
    serializer_class = QuoteSerializer
    detail_serializer_class = QuoteDetailSerializer
    listing = QUOTES

    def visible_rows(self, member: Member) -> Any:
        return Quote.objects.visible_to(member)

    def load_related(self, rows: Any) -> Any:
        return rows.prefetch_related("job", "person")

    @extend_schema(request=NewQuoteSerializer, responses={201: QuoteDetailSerializer})
    def create(self, request: Any) -> Response:
        """Write a draft. It is not sent."""
        values = self.read_body(request, NewQuoteSerializer)
        job: Job | None = Job.objects.visible_to(request.user).filter(number=values["job"]).first()
        if job is None:
            raise Http404
        template = None
        if "template" in values:
            template = find_named(offered_templates(job), values["template"], "/template")
        quote = Quote.create(job, by=request.user, title=values.get("title", ""), template=template)
        if template:
            create_from(template, quote, by=request.user)
        add_content_of(quote, values, by=request.user)
        return self.record_response(quote, status=201)

    @extend_schema(request=QuoteChangesSerializer, responses=QuoteDetailSerializer)
    def partial_update(self, request: Any, id: Any) -> Response:
        """Change the texts of a draft."""
        values = self.read_body(request, QuoteChangesSerializer)
        return self.act(request, lambda quote: quote.set_texts(by=request.user, **values))

    @extend_schema(request=ContentSerializer, responses=QuoteDetailSerializer)
    @action(detail=True, methods=["put"])
    def lines(self, request: Any, id: Any) -> Response:
        """Replace the options and lines of a draft."""
        values = self.read_body(request, ContentSerializer)

        def replace_content(quote: Quote) -> None:
            clear_content(quote, by=request.user)
            add_content_of(quote, values, by=request.user)

        return self.act(request, replace_content)

    @extend_schema(request=NoBodySerializer, responses=QuoteDetailSerializer)
    @action(detail=True, methods=["post"])
    def revise(self, request: Any, id: Any) -> Response:
        """Begin a new version, with a copy of what was sent."""
        self.read_body(request, NoBodySerializer)
        return self.act(request, lambda quote: quote.revise(by=request.user))

    @extend_schema(request=SendSerializer, responses=QuoteDetailSerializer)
    @action(detail=True, methods=["post"], permission="quotes.send")
    def send(self, request: Any, id: Any) -> Response:
        """Send the draft to the customer, by a message with the link to their page."""
        values = self.read_body(request, SendSerializer)

        def send_draft(quote: Quote) -> None:
            wanted = values.get("address", "").casefold()
            points = [point for point in reachable_points(quote) if wanted in ("", point.value.casefold())]
            if not points:
                raise conflict_at("/address", _("Choose an address of the customer."))
            send_quote(quote, points[0], by=request.user)

        return self.act(request, send_draft)

    @extend_schema(request=NoBodySerializer, responses=QuoteDetailSerializer)
    @action(detail=True, methods=["post"], permission="quotes.send")
    def withdraw(self, request: Any, id: Any) -> Response:
        """Take it back: the customer can't accept it any more."""
        self.read_body(request, NoBodySerializer)
        return self.act(request, lambda quote: quote.withdraw(by=request.user), kind="quote.withdrawn")
