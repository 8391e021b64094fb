"""The customer's documents: which they may see, which are requested, and uploads."""
