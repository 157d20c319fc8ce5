"""What only programs need: tokens, limits, answers that are kept, and solving a document at once."""
