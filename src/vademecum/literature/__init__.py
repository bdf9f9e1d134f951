"""The literature a reader brings: importers for abstracts, full texts, labels, trials and guidelines."""
