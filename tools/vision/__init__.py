"""What developers run to make and check the numbers of the vision room."""
