"""Send a quote to its customer, and say sorry to who declined one."""
