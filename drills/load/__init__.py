"""A mixed load on one machine: members, customers and programs who use a running demo, for as long as one likes."""
