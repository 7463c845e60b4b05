"""The page of names: which body a printed name means, judged side by side with the evidence."""
