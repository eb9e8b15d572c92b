"""What is measured: each figure of ours beside its floor or its peer, from one run."""
