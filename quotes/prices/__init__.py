"""The price book: items, their dated prices, kits, units and suppliers."""
