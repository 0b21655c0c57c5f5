"""Results as Polish words, tables, figures and maps; nothing here computes a statistic or opens a file."""
