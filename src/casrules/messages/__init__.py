"""Message formats: detection, schemas, hardened XML, binding by mapping, writing edits back."""
