"""People and those they act for: parties, memberships, roles, gifts and needs."""
