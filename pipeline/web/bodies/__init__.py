"""The pages of bodies and leaders: what they have to do, with whom, and how that compares."""
