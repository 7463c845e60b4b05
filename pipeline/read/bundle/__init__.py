"""Files that hold other files: archives, messages, saved pages."""
