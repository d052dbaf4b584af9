"""A team's installation with Docker Compose, and what it has in common with the embedded one."""
