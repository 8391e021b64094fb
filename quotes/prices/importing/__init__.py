"""Import of the price book, and of suppliers' price lists, from spreadsheets: preview, run, undo."""
