"""The reward forecast: what will be awarded, redeemed and owed over the next 90 days, with its rivals and backtest."""
