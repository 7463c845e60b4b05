"""Tests of pipeline.sieve."""
