"""How the rules of a timebank change."""
