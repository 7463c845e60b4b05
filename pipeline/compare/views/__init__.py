"""Views of a comparison: text, Markdown, JSON, CSV, a page; of threads: a table, a picture."""
