"""What people may sign in as."""

ROLES = ("dispatcher", "technician", "manager", "admin")
