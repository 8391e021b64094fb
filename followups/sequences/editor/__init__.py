"""The editor of sequences: drafts of steps, their texts, counts and previews."""
