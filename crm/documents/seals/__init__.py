"""Seals of PDFs: the installation's certificate, sealing, and verification by anybody who holds a file."""
