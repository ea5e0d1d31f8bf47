"""procore-lint: finds what Procore's announced API changes broke in Python integrations."""
