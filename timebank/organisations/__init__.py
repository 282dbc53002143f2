"""Member organisations: councils, charities, housing associations, each a party with an account."""
