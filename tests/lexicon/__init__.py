"""Tests of the word tables and of the tables that a user lays over them."""
