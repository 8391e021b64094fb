"""The customer's documents: what they may see of them, what they are asked for, and what they send."""
