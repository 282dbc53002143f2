"""Group sessions: several givers or receivers in one activity, from sign-up to one balanced entry."""
