"""From what a person names to items: files found (`units`), parsed in a child process with limits (`sandbox`)."""
