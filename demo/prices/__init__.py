"""The price books of the demo organizations: items with their prices, kits, suppliers and tax rates."""
