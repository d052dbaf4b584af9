"""The servers that one machine needs in place of a team's, and what starts and stops them."""
