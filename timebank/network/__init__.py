"""The timebanks here, their dated policies, and the agreements between them."""
