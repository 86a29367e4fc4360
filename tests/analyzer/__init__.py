"""Tests of the package analyzer."""
