"""Request arguments and forms become values here."""
