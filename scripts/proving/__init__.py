"""What `scripts/prove-gpu` consists of; the standard library only."""
