"""The local engine's models: features, ridge classifiers, training, storage."""
