"""The crew is on its way, late, or there: said from the field, told to the customer, shown to the office."""
