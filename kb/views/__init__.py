"""One blueprint per job; a view parses, asks one service, shows."""
