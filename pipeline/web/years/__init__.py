"""The pages of years: what changed from plan to plan, items through the years, and people's decisions."""
