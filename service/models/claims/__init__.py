"""Insurance claims of jobs, how mails of carriers are read, and what those mails proposed."""

from service.models.claims.claim_mail import ClaimMail, ClaimMailState
from service.models.claims.claim_mail_rule import ClaimField, ClaimMailRule
from service.models.claims.job_claim import ClaimStatus, JobClaim

__all__ = ["ClaimField", "ClaimMail", "ClaimMailRule", "ClaimMailState", "ClaimStatus", "JobClaim"]
