"""What an update says, and how it is sent: below the models, which send by it."""
