"""User: a global sign-in. A person's role and settings in a tenant are on Member."""

from typing import Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower

from crm.kernel import clock
from crm.platform.models.changed_fields import set_fields


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """Create a user. Without a password, only a reset link lets them sign in."""
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save()
        return user

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email=(username or "").strip().lower())


class User(AbstractBaseUser):
    """A sign-in: address and password. One user may be a member of several tenants."""

    email = models.EmailField(max_length=254, unique=True)
    name = models.CharField(max_length=120, blank=True)
    is_active = models.BooleanField(default=True)
    # What the browser's cookies hold, too (crm.web.design.look): copied into them at each sign-in.
    language = models.CharField(max_length=8, blank=True)
    theme = models.CharField(max_length=12, blank=True)
    density = models.CharField(max_length=12, blank=True)
    created_at = models.DateTimeField(default=clock.now, editable=False)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(email=Lower("email")), name="user_email_is_lower_case"),
        ]

    def __str__(self) -> str:
        return self.name or self.email

    def prefer(self, **look: str) -> None:
        """Save the language, theme or density for the next sign-in anywhere."""
        changed = set_fields(self, look)
        if changed:
            self.save(update_fields=changed)
