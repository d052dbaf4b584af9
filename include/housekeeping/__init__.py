"""What keeps the house over the years: limits on what grows, backups, and the way back from them."""
