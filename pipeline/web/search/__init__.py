"""The page that searches all items: filters, facets, hits in their sentences, exports."""
