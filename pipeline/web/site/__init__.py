"""A static copy of the desk: its pages for reading as plain files that need no server."""
