"""What people see: values become messages here, the only place where words are written. Pure."""
