"""Landing files become rows of ``raw``: discover, verify, read, check against the contract, load, record."""
