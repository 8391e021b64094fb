"""What fills an ordinary day: what is wrong, set aside, stuck, exported, and told of."""
