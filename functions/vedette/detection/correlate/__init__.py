"""Rules with memory: correlations, values never seen before, impossible travel."""
