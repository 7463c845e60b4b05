"""The checks of a parsed notice: problems, whether it is a plan, text that no part covers."""
