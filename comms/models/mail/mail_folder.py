"""MailFolder: the fetch position in a folder of a mailbox."""

from django.db import models

from crm.platform.models import TenantForeignKey, TenantModel


class MailFolder(TenantModel):
    """A folder of an IMAP mailbox: the next UID to fetch (RFC 3501, 2.3.1.1)."""

    channel = TenantForeignKey("comms.Channel", models.CASCADE, related_name="folders")
    name = models.CharField(max_length=250)
    # The numbers of another validity mean other mails.
    uid_validity = models.BigIntegerField()
    next_uid = models.BigIntegerField()
    # Holds what its owner sent by another program.
    is_sent = models.BooleanField(default=False)

    class Meta:
        base_manager_name = "objects"
        constraints = [
            models.UniqueConstraint(fields=["tenant", "channel", "name"], name="mail_folder_is_once_a_channel")
        ]

    def __str__(self) -> str:
        return f"{self.channel_id} {self.name}"
