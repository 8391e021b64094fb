"""What an SMTP peer answered, read from the errors of smtplib."""

import smtplib


def reply_code(error: OSError) -> int | None:
    """Return the SMTP reply code: 4xx may pass, 5xx will not. None without a reply."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return max((code for code, _ in error.recipients.values()), default=550)
    if isinstance(error, smtplib.SMTPNotSupportedError):
        return 553  # it cannot take such an address
    code = 0
    if isinstance(error, smtplib.SMTPResponseException):
        code = error.smtp_code
    if code > 0:
        return code
    return None


def reply_text(error: OSError) -> str:
    """Return what the peer said with its code, on one line; blank without a reply."""
    reply: str | bytes = b""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        reply = next((text for _, text in error.recipients.values()), b"")
    elif isinstance(error, smtplib.SMTPResponseException):
        reply = error.smtp_error
    if isinstance(reply, bytes):
        text = reply.decode("utf-8", "replace")
    else:
        text = reply
    return " ".join(text.split())[:200]
