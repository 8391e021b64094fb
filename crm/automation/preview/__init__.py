"""Look before switching on: what a rule would have done, what all will do, where two meet, and the map of them."""
