"""The pages, by the domain's nouns. Each reads, calls one action, says so and shows what has become of it."""
