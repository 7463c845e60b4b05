"""Files that contain other files: archives, messages, saved pages."""
