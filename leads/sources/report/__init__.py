"""The report per source: from spend to revenue, and why the other leads were lost."""
