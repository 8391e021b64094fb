"""URLs of commissions, under /<tenant>/invoices/commissions/."""

from django.urls import path

from billing.commissions.statement_list import STATEMENTS
from billing.commissions.views import agreements, statements
from crm.web.lists.urls import list_urls

app_name = "commissions"
STATEMENT = "<uuid:uid>/"
urlpatterns = [
    path("", statements.statements, name="list"),
    *list_urls(STATEMENTS),
    path("draw-up/", statements.draw_up, name="draw_up"),
    path("agreements/", agreements.agreements, name="agreements"),
    path("agreements/add/", agreements.agree, name="agree"),
    path("agreements/end/", agreements.end_agreement, name="end_agreement"),
    path(STATEMENT, statements.statement, name="statement"),
    path(f"{STATEMENT}pdf/", statements.statement_pdf, name="statement_pdf"),
    path(f"{STATEMENT}issue/", statements.issue, name="issue"),
    path(f"{STATEMENT}discard/", statements.discard, name="discard"),
    path(f"{STATEMENT}send/", statements.send, name="send"),
    path(f"{STATEMENT}pay/", statements.pay, name="pay"),
]
