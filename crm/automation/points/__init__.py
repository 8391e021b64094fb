"""Lead scoring: points by conditions, with reasons, recounted after events and shown on the lead's page."""
