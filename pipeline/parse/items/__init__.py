"""Which numbered blocks, rows and paragraphs are tasks, and what is above them."""
