"""Text out of one kind of document each, chosen by the first bytes and never by the file name."""
