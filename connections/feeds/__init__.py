"""Any other system: records sent to an address as JSON, and rows of JSON or CSV taken over from one."""
