"""The pieces that pages are made of, each a frozen dataclass.

Texts are in the reader's language unless a `lang` stands beside them.
"""
