"""Decisions of trust reviewers: from the form of the web app into the landing zone."""
