"""Whole calls without a telephone: callers from files against the real fold, rules and database."""
