"""What a complaint is, whoever brought it. Standard library only."""
