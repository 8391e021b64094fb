"""URLs of messages without a tenant: for providers, customers with a link, and the demo's phone."""

from django.urls import include, path

from comms.appointments.views.public import customer_appointment, customer_meeting
from comms.gate.views import public
from comms.inbound.webhook import webhook
from comms.mailboxes.views.sign_in import provider_return
from comms.phone import views as phone
from comms.survey.views import survey
from comms.views import attachments

HOOK_URLS = [path("<slug:provider>/<str:token>/", webhook, name="webhook")]
PHONE_URLS = [
    path("<slug:organization>/", phone.page, name="page"),
    path("<slug:organization>/text/", phone.text, name="text"),
    path("<slug:organization>/call/", phone.call, name="call"),
    path("<slug:organization>/mail/", phone.mail, name="mail"),
    path("<slug:organization>/mail/<uuid:uid>/", phone.paper, name="paper"),
    path("<slug:organization>/mail/<uuid:uid>/source/", phone.source, name="source"),
    path("<slug:organization>/difficult/", phone.difficult, name="difficult"),
    path("<slug:organization>/report/<uuid:uid>/", phone.report, name="report"),
]
CUSTOMER_URLS = [
    path("unsubscribe/<str:token>/", public.unsubscribe, name="unsubscribe"),
    path("preferences/<str:token>/", public.message_preferences, name="message_preferences"),
    path("survey/<str:token>/", survey, name="survey"),
]
# Asked for by a signed address, without a cookie.
FILE_URLS = [
    path("outgoing/<str:token>/", attachments.outgoing_file, name="outgoing"),
    path("<str:token>/", attachments.signed_file, name="file"),
]
urlpatterns = [
    path("hooks/", include((HOOK_URLS, "hooks"))),
    path("demo/phone/", include((PHONE_URLS, "phone"))),
    path("mail/", include(CUSTOMER_URLS)),
    path("public/mailboxes/signed-in/", provider_return, name="mailbox_provider_return"),
    path("public/appointment/<str:token>/", customer_appointment, name="customer_appointment"),
    path("public/appointment/<str:token>/video/", customer_meeting, name="customer_meeting"),
    path("public/attachments/", include((FILE_URLS, "attachments"))),
]
