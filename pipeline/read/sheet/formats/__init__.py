"""Number formats of spreadsheets: a cell's value as its cell shows it."""
