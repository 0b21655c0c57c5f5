"""The condition of the social economy sector: entities, their coming and going, work, money, support and targets."""
