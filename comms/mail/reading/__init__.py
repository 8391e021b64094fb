"""Bytes to a `Mail`, as the real world writes them: MIME, charsets, addresses, dates, attachments, within limits."""

from comms.mail.reading.limits import Limits as Limits
from comms.mail.reading.reader import read_mail as read_mail
from comms.mail.reading.reader import read_message_id as read_message_id
