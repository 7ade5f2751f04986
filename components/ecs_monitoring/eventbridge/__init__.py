"""EventBridge's own language as plain values: event patterns and input transformers."""
