"""Speed and scale, and what a change of the rules does to real documents; run by make."""
