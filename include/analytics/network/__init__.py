"""Networks: who brings whom, and whether that is more than luck."""
