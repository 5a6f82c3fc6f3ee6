"""The steps from one schema of the history to the next."""
