"""A comparison as its readers want it: text, Markdown, JSON, CSV, a page, a picture."""
