"""Storage of what a page says after a redirect: a cookie of the portal's, so that a colleague's session is not read."""

from django.contrib.messages.storage.cookie import CookieStorage

from portal.access import cookies


class PortalMessages(CookieStorage):
    """Django's storage in a signed cookie, under a name of the portal's."""

    cookie_name = cookies.MESSAGES
