"""The strip of the tour above a page: which stop this is, what to see, and the way on."""

from django.conf import settings
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from demo.tour.progress import read_progress


def draw(request: HttpRequest) -> SafeString:
    """Return the strip; blank outside a demo, and for who takes no tour."""
    place = read_progress(request) if settings.DEMO else None
    if place is None:
        return SafeString()
    context = {
        "place": place,
        "previous": place.number - 1,
        "next": place.number + 1 if place.number < place.total else 0,
        "here": request.get_full_path(),
    }
    return render_to_string("demo/_strip.html", context)
