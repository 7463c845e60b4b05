"""How the table of places was made from published snapshots."""
