"""Cookies of the portal: separate from staff cookies, limited to the portal's path, one set per company."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

# Cookies are not scoped by port: the names carry it. `__Host-` would demand the path "/", which is the staff's too.
_STEM = "__Secure-portal" if settings.TLS else f"portal_{settings.PORT}"
SESSION = f"{_STEM}_session"
LINK = f"{_STEM}_link"
BROWSER = f"{_STEM}_browser"
PREVIEW = f"{_STEM}_preview"
KNOWN = f"{_STEM}_known"
LANGUAGE = f"{_STEM}_language"
MESSAGES = f"{_STEM}_messages"
LONGEST = 900


def read_cookie(request: HttpRequest, name: str) -> str:
    """Return a cookie's value; blank if it is missing or too long to be ours."""
    value = request.COOKIES.get(name, "")
    if len(value) <= LONGEST:
        return value
    return ""


def set_cookie(response: HttpResponse, name: str, value: str, *, company: str, seconds: int) -> None:
    """Set a cookie for the pages of one company."""
    response.set_cookie(
        name,
        value,
        max_age=seconds,
        path=path_of(company),
        secure=settings.TLS,
        httponly=True,
        samesite="Lax",
    )


def delete_cookie(response: HttpResponse, name: str, *, company: str) -> None:
    """Delete a cookie."""
    response.delete_cookie(name, path=path_of(company), samesite="Lax")


def path_of(company: str) -> str:
    """Return the path of a company's portal, to which its cookies are limited."""
    return reverse("portal:home", kwargs={"company": company})
