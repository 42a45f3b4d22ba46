"""Findings: verdict, severity, lifecycle, suppression and frameworks."""
