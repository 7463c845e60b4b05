"""Printed lists to names, and a name to the one body that it names."""
