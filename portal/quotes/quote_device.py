"""QuoteDevice: the browser that shows a quote: whether it opened the link first, and whether it gave a code.

Told by the cookies of the portal, so the facts are probable: a cleared browser is a new device.
"""

from dataclasses import dataclass

from portal.access import cookies
from portal.access.pages import PortalRequest
from portal.access.sessions import secret_digest
from portal.access.viewer import Level, PortalViewer
from portal.models import PortalLink


@dataclass(frozen=True)
class QuoteDevice:
    """A browser. `key`: tells it from others, and nothing else; blank where it keeps no cookies."""

    key: str
    is_first: bool
    gave_code: bool

    @property
    def looks_forwarded(self) -> bool:
        """True for another browser than the first, without a code."""
        return not (self.is_first or self.gave_code)

    @classmethod
    def of(cls, request: PortalRequest) -> "QuoteDevice":
        """Return the browser of a request. One that later gave a code keeps its key."""
        viewer = request.viewer
        browser = cookies.read_cookie(request, cookies.BROWSER)
        key = ""
        if browser:
            key = secret_digest(browser)
        elif viewer.device:
            key = secret_digest(str(viewer.device.uid))
        return cls(key, _is_first(viewer, key), viewer.level >= Level.SESSION)


def _is_first(viewer: PortalViewer, key: str) -> bool:
    """Return whether no other browser opened the viewer's link before; True for a viewer without a link."""
    if viewer.link is None:
        return True
    opened = PortalLink.objects.filter(digest=viewer.link.digest).first()
    return opened is None or opened.browser == key
