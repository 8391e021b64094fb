"""Attachments: what they are, how large they may be, and images without the place they were taken at."""
