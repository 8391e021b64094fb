"""The report on sources: from spend to revenue, and why the other leads were lost."""
