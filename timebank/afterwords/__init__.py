"""How it went, in two taps, once hours are credited: a word to the brokers, and thanks to the other. No ratings."""
