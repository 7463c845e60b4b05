"""An OUTPUT folder: records, tables, data package and manifest."""
