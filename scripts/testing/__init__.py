"""Runs every kind of test and counts the results in one way."""
