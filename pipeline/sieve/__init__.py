"""Find plans in web archives: records that pass two gates are read, and pages that are plans kept."""
