"""What colleagues do about getting in: invite, say who is part of a job."""
