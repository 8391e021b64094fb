"""Summaries of a conversation, a job, a customer or a property: each sentence cites the messages it rests on."""
