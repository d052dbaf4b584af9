"""What the DAG files have in common; creates no DAG."""
