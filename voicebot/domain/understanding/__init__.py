"""What does the caller want? `reading.read` is the door."""
