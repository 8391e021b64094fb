"""What the demo adds: its first page, and the strip of the tour. Neither answers outside a demo."""

from django.utils.translation import gettext_lazy as _

from crm.platform.features import Feature
from crm.web.account.demo_sign_ins import DemoPage
from crm.web.shell.page_strips import PageStrip
from demo.renewal.age import oldest_note
from demo.tour.strip import draw

FEATURES: list[Feature] = [
    DemoPage(name="demo:tour", label=_("Take the tour: ten stops for each role"), note=oldest_note),
    PageStrip("tour", draw),
]
