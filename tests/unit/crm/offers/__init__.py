"""Tests of the rules of offers."""
