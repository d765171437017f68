"""Paper A: large learning rates keep denoising score matching away from the empirical score."""
