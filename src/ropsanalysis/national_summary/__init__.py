"""National summary: the published results of all voivodeships side by side, for the ministry."""
