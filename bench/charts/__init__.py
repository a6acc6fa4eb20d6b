"""Charts: what they show (pure data) apart from how it is drawn."""
