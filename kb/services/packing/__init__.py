"""Packs as things to take along: one book as a value, and every form that is made from it."""
