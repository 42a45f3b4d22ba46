"""Reversible answers to findings: plans, guardrails, executor and ledger."""
