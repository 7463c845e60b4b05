"""Tests of `pipeline.parse.review`."""
