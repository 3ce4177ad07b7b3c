"""The desk: people, forms and pages. The library it serves is the package `indexer`."""
