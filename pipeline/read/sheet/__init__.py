"""Spreadsheets to text."""
