"""Tests of pipeline.dataset."""
