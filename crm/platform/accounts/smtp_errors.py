"""Read the SMTP reply from an error of smtplib."""

import smtplib


def reply_code(error: OSError) -> int | None:
    """Return the SMTP reply code: 4xx is transient, 5xx permanent. None without a reply."""
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
    """Return the text of the SMTP reply on one line; "" without a reply."""
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
