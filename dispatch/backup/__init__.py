"""Backups: the whole database in one file that either of the two databases can be restored from."""

from dispatch.backup.dump import Backup, list_backups, make_backup, prune_backups
from dispatch.backup.restore import restore_backup

__all__ = ["Backup", "list_backups", "make_backup", "prune_backups", "restore_backup"]
