"""Import the rows of a spreadsheet as a run: preview, batches, refused rows, one undo."""
