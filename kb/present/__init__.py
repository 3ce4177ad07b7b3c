"""Values of the library become values of kb.pages: words, dates and addresses for a reader."""
