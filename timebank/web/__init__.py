"""The web shell: one thin layer of pages and API over the domain, by the same nouns."""
