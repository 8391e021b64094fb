"""Moves of leads that follow from events: offered on a step's settings, and proposed before they are automatic."""
