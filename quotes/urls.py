"""URLs of quotes, under /<tenant>/quotes/."""

from django.urls import URLPattern, URLResolver, path

from crm.web.lists.urls import list_urls
from quotes.editor import create_views, line_views, other_price, pdf_views, send_view, verb_views, views
from quotes.paper import views as paper
from quotes.quote_list import views as lists
from quotes.quote_list.quote_list import QUOTES
from quotes.setup import templates, terms

app_name = "quotes"

ONE = "<uuid:uid>/"

urlpatterns: list[URLPattern | URLResolver] = [
    path("", lists.quotes, name="list"),
    *list_urls(QUOTES),
    path("new/", create_views.new, name="new"),
    path("lead/<int:number>/", lists.of_job, name="of_job"),
    path("terms/", terms.terms, name="terms"),
    path("terms/limits/", terms.set_limits, name="set_limits"),
    path("terms/<int:pk>/", terms.set_terms, name="set_terms"),
    path("templates/", templates.templates, name="templates"),
    path("templates/add/", templates.add_template, name="add_template"),
    path("templates/<int:pk>/edit/", templates.edit_template, name="edit_template"),
    path("templates/<int:pk>/archive/", templates.archive_template, name="archive_template"),
    path("templates/<int:pk>/restore/", templates.restore_template, name="restore_template"),
    path(ONE, views.quote, name="quote"),
    path(f"{ONE}pdf/", pdf_views.pdf, name="pdf"),
    path(f"{ONE}signed/", paper.signed_document, name="signed_document"),
    path(f"{ONE}lines/", views.save_lines, name="save_lines"),
    path(f"{ONE}items/", line_views.find_items, name="find_items"),
    path(f"{ONE}items/add/", line_views.add_line_of_item, name="add_item"),
    path(f"{ONE}lines/add/", line_views.add_line, name="add_line"),
    path(f"{ONE}lines/change/", line_views.change_line, name="change_line"),
    path(f"{ONE}lines/remove/", line_views.remove_line, name="remove_line"),
    path(f"{ONE}lines/move/", line_views.move_line, name="move_line"),
    path(f"{ONE}lines/use-book-price/", line_views.use_book_price, name="use_book_price"),
    path(f"{ONE}lines/keep-price/", line_views.keep_price, name="keep_price"),
    path(f"{ONE}lines/<uuid:line>/", line_views.line_form, name="line"),
    path(f"{ONE}discount/", line_views.discount, name="discount"),
    path(f"{ONE}like/", line_views.like, name="like"),
    path(f"{ONE}option/", verb_views.option, name="option"),
    path(f"{ONE}option/remove/", verb_views.remove_option, name="remove_option"),
    path(f"{ONE}texts/", views.save_texts, name="save_texts"),
    path(f"{ONE}conditions/", verb_views.conditions, name="conditions"),
    path(f"{ONE}send/", send_view.send, name="send"),
    path(f"{ONE}revise/", verb_views.revise, name="revise"),
    path(f"{ONE}drop-draft/", verb_views.drop_draft, name="drop_draft"),
    path(f"{ONE}discard/", verb_views.discard, name="discard"),
    path(f"{ONE}withdraw/", verb_views.withdraw, name="withdraw"),
    path(f"{ONE}other-price/", other_price.note_other_price, name="other_price"),
    path(f"{ONE}decline/", verb_views.decline, name="decline"),
    path(f"{ONE}approval/", verb_views.request_approval, name="request_approval"),
    path(f"{ONE}approve/", verb_views.approve, name="approve"),
    path(f"{ONE}refuse-approval/", verb_views.refuse_approval, name="refuse_approval"),
    path(f"{ONE}contract/approve/", verb_views.approve_contract, name="approve_contract"),
    path(f"{ONE}contract/return/", verb_views.return_contract, name="return_contract"),
    path(f"{ONE}template/", verb_views.save_template, name="save_template"),
]
