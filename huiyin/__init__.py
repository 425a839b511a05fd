"""Composition root: the only package that knows real databases, queues and channels."""
