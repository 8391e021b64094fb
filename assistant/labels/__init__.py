"""Labels of customers' messages: made after they arrive, corrected with one click, checked against the corrections."""
