"""A customer lets others see their job."""
