"""The only code that speaks to AWS: collectors, stores, senders, callers."""
