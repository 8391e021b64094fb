"""The composer: write to a customer, with a preview of what the gate would decide."""
