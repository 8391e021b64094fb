"""The demo's mailbox: shows the mail the product would have sent to its users."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from crm.platform.models import StaffMail


def mail(request: HttpRequest) -> HttpResponse:
    """List the last fifty mails, newest first. 404 unless this is a demo."""
    if not settings.DEMO:
        raise Http404
    return render(request, "web/demo_mail.html", {"mails": StaffMail.objects.exclude(body="").order_by("-pk")[:50]})


def mail_html(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the HTML of one mail, which loads nothing and runs nothing. 404 unless this is a demo."""
    if not settings.DEMO:
        raise Http404
    response = HttpResponse(get_object_or_404(StaffMail.objects.exclude(html=""), pk=pk).html)
    response["Content-Security-Policy"] = "sandbox allow-popups; default-src 'none'; style-src 'unsafe-inline'"
    return response
