"""The HTML report: pages that carry their data and their viewer, and need no network."""
