"""Two plans compared item by item, and the items of a plan followed over the years."""
