"""Signing in: passwords, sessions, invitations, API tokens. Who somebody is; what they may do is their standing."""
