"""How fast it trains and answers, and what a sweep costs."""
