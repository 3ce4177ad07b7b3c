"""The database: people, the journal of revisions, drafts, events. Tables and queries, no rules."""
