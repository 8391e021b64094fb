"""The assistant: summaries, drafts, labels and scores, by rules on the organization's own data; better with a model."""
