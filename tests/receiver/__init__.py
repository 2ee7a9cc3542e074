"""A receiver of messages in a process of its own: counts every request, and fails on demand.

Faster than the rehearsal and far simpler: it checks no contract, it keeps times.
"""
