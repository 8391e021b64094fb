"""Settings pages of taxes."""
