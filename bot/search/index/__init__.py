"""The immutable index: documents, terms, postings, the classifier, queries and candidates."""
