"""URLs of the second factor, under the names allauth looks them up by."""

from django.urls import path

from crm.web.account.views import second_factor as views

urlpatterns = [
    path("", views.index, name="mfa_index"),
    path("required/", views.required, name="second_factor_required"),
    path("authenticate/", views.authenticate, name="mfa_authenticate"),
    path("confirm/", views.confirm_by_code, name="mfa_reauthenticate"),
    path("app/add/", views.activate_totp, name="mfa_activate_totp"),
    path("app/remove/", views.deactivate_totp, name="mfa_deactivate_totp"),
    path("recovery-codes/", views.view_recovery_codes, name="mfa_view_recovery_codes"),
    path("recovery-codes/new/", views.generate_recovery_codes, name="mfa_generate_recovery_codes"),
    path("passkeys/add/", views.add_passkey, name="mfa_add_webauthn"),
    path("passkeys/confirm/", views.confirm_by_passkey, name="mfa_reauthenticate_webauthn"),
    path("passkeys/sign-in/", views.sign_in_by_passkey, name="mfa_login_webauthn"),
    path("passkeys/<int:pk>/name/", views.edit_passkey, name="mfa_edit_webauthn"),
    path("passkeys/<int:pk>/remove/", views.remove_passkey, name="mfa_remove_webauthn"),
]
