"""Settings pages of the price book: units and suppliers."""
