"""One function per thing a person can do. Nothing here knows about the web."""
