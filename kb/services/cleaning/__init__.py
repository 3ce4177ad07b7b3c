"""Files from people made harmless: told by their content, checked, and written anew.

What is kept is never what was sent. Reading it is left to a process of its own, which has neither
the memory nor the time for a bomb, no secret in its environment and no right to write a file:
`python -m kb.services.cleaning`.
"""
