"""What people see: one blueprint per audience, and nothing but parsing, calling and answering."""
