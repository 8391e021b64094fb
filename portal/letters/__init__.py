"""Content and sending of customer updates. The models import this package."""
