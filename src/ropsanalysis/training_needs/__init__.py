"""Training needs of the staff of social assistance: from survey ratings to a plan of training."""
