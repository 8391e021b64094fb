"""Set a password by the mailed link: whoever did so is in, and is not asked for it again at once."""

from typing import Any

from allauth.account.views import PasswordResetFromKeyView
from django.http import HttpResponse
from django.views.decorators.cache import never_cache

from crm.web.requests.reauthentication import note_password_set


class _ByKey(PasswordResetFromKeyView):
    """allauth's view, which signs in as by an old password: that alone is no confirmation."""

    def form_valid(self, form: Any) -> HttpResponse:
        response: HttpResponse = super().form_valid(form)
        note_password_set(self.request, self.reset_user)
        return response


# Its address is the key.
by_key = never_cache(_ByKey.as_view())
