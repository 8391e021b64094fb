"""What a customer's words say by themselves: thanks that ask for nothing, and words that sound an alarm."""
