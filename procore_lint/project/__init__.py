"""Joins the modules of a project and runs them on symbolic values."""
