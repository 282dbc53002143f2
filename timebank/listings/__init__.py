"""Offers and requests: a listed gift, a listed need."""
