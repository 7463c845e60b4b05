"""Two plans compared, and the plans of many years followed."""
