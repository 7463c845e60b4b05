"""Views of a comparison: text, Markdown, JSON, CSV, a page, a document, a workbook; of threads: tables, a page, a picture."""
