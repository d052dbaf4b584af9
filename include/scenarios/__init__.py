"""What if: the published forecast with other conversions, bonuses, volumes, redemptions or rules."""
