"""Tables in a text: rows of cells under known columns."""
