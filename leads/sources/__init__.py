"""Cost and results of lead sources: attribution, campaigns, spend, and the report on sources."""
