"""The settings of a connection to Google reviews, as its page shows them and sends them back."""

from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from connections.models import Connection
from connections.models.review import MOST_STARS
from connections.reviews.follow_up import FEW
from crm.kernel.refusal import Refused


def review_options(connection: Connection) -> dict[str, Any]:
    """Return the locations with whether each is read, and the choices of stars."""
    left_out = connection.options.get("left_out", [])
    return {
        "locations": [
            (row["name"], row["title"], row["name"] not in left_out) for row in connection.options.get("locations", [])
        ],
        "few_stars": int(connection.options.get("few_stars", FEW)),
        "star_choices": range(1, MOST_STARS),
    }


def read_review_options(connection: Connection, posted: QueryDict) -> dict[str, Any]:
    """Return the settings that a page sent. Raises Refused for a number of stars that is not offered."""
    stars = posted.get("few_stars", "")
    if stars not in [str(number) for number in range(MOST_STARS)]:
        raise Refused(_("Choose from how few stars on a review is followed up."))
    names = [row["name"] for row in connection.options.get("locations", [])]
    read = set(posted.getlist("location"))
    return {"few_stars": int(stars), "left_out": [name for name in names if name not in read]}
