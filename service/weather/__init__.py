"""The weather hold: move the appointments of a day that the weather takes, with every new time shown first."""
