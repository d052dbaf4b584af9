"""Who may see what: off on one's own machine, by a file of people or by a proxy's word for a team. Decision 0021."""
