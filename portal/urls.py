"""URLs of the portal, under the company's prefix (`company`, never `tenant`)."""

from django.urls import path

from portal.access.views import devices, language, links, logo, preview, sign_in
from portal.asks import views as asks
from portal.commissions import views as commissions
from portal.documents import adding
from portal.documents import request_views as requests
from portal.documents import views as documents
from portal.invoices import views as invoices
from portal.job_page import views as job_page
from portal.messages import views as messages
from portal.onboarding import views as onboarding
from portal.portfolio import views as portfolio
from portal.preferences import views as preferences
from portal.quotes import views as quotes
from portal.sharing import views as sharing
from portal.team import views as team

app_name = "portal"
JOB = "jobs/<int:number>/documents/"
ONE = "documents/<uuid:uid>/"
ASKED = "asked/<uuid:uid>/"
QUOTE = "quotes/<uuid:uid>/"
INVOICE = "invoices/<uuid:uid>/"
urlpatterns = [
    path("", portfolio.home, name="home"),
    path("places/", portfolio.places, name="places"),
    path("open/<str:token>/", links.open_link, name="open"),
    path("seen.gif", links.note_seen, name="seen"),
    path("sign-in/", sign_in.sign_in, name="sign_in"),
    path("sign-in/<uuid:asked>/", sign_in.code, name="code"),
    path("sign-out/", sign_in.sign_out, name="sign_out"),
    path("language/", language.language, name="language"),
    path("logo/<uuid:brand>/", logo.logo, name="logo"),
    path("devices/", devices.devices, name="devices"),
    path("devices/forget/", devices.forget_devices, name="forget_devices"),
    path("devices/<uuid:device>/forget/", devices.forget_device, name="forget_device"),
    path("looking/end/", preview.end, name="end_preview"),
    path("jobs/<int:number>/", job_page.job, name="job"),
    path("jobs/<int:number>/now/", job_page.job_now, name="job_now"),
    path("appointments/<uuid:uid>/", job_page.appointment, name="appointment"),
    path("bookings/<uuid:uid>/", job_page.booking, name="booking"),
    path("messages/", messages.newest, name="newest_messages"),
    path("jobs/<int:number>/messages/", messages.conversation_page, name="messages"),
    path("jobs/<int:number>/messages/files/<uuid:uid>/", messages.file, name="message_file"),
    path("documents/", documents.newest, name="newest_documents"),
    path(JOB, documents.documents_page, name="documents"),
    path(f"{JOB}add/", adding.add, name="add_documents"),
    path(f"{JOB}uploads/", adding.begin_upload, name="begin_upload"),
    path("uploads/<uuid:uid>/", adding.upload, name="upload"),
    path(ASKED, requests.request_page, name="request"),
    path(f"{ASKED}pages/<uuid:page>/remove/", requests.remove_page, name="remove_page"),
    path(f"{ASKED}pages/<uuid:page>/earlier/", requests.raise_page, name="raise_page"),
    path(ONE, documents.document_page, name="document"),
    path(f"{ONE}file/", documents.document_file, name="document_file"),
    path("preferences/", preferences.preferences_page, name="preferences"),
    path("jobs/<int:number>/team/<uuid:uid>/", team.photo, name="colleague_photo"),
    path("welcome/", onboarding.welcome, name="welcome"),
    path("welcome/confirm/", onboarding.confirm, name="confirm_step"),
    path("welcome/end/", onboarding.end, name="end_welcome"),
    path("welcome/verify/<int:pk>/", onboarding.verify, name="verify_point"),
    path("jobs/<int:number>/claim/", onboarding.add_claim, name="add_claim"),
    path("jobs/<int:number>/claim/<uuid:uid>/", onboarding.show_claim, name="show_claim"),
    path("jobs/<int:number>/tour/", onboarding.end_tour, name="end_tour"),
    path("jobs/<int:number>/sharing/", sharing.sharing, name="sharing"),
    path("jobs/<int:number>/sharing/<uuid:uid>/end/", sharing.end_share, name="end_share"),
    path("ask/", asks.ask, name="ask"),
    path(QUOTE, quotes.quote_page, name="quote"),
    path(f"{QUOTE}price/", quotes.show_price, name="show_price"),
    path(f"{QUOTE}ask/", quotes.ask_about_quote, name="ask_about_quote"),
    path(f"{QUOTE}accept/", quotes.accept_quote, name="accept_quote"),
    path(f"{QUOTE}decline/", quotes.decline_quote, name="decline_quote"),
    path(f"{QUOTE}seen/", quotes.note_quote_seen, name="note_quote_seen"),
    path(INVOICE, invoices.invoice_page, name="invoice"),
    path(f"{INVOICE}pdf/", invoices.invoice_pdf, name="invoice_pdf"),
    path("receipts/<uuid:uid>/", invoices.receipt_pdf, name="receipt_pdf"),
    path("commissions/", commissions.commissions, name="commissions"),
    path("commissions/<uuid:uid>/pdf/", commissions.commission_pdf, name="commission_pdf"),
    path(f"{INVOICE}pay/", invoices.pay_invoice, name="pay_invoice"),
    path(f"{INVOICE}tell/", invoices.tell_about_invoice, name="tell_about_invoice"),
]
