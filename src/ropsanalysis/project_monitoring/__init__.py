"""Project monitoring: the coordination project of a regional office, its indicators, actions, plans and money."""
