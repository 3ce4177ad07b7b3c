"""The running site under load: many who write and many who read, and nothing lost."""
