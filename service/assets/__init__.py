"""What stands on a property and is looked after: warranties and maintenance."""
