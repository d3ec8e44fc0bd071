"""The parts of bench_consume: callers, the ways that are measured beside each other, tables and plots."""
