"""Accounting systems: invoices, credit notes, customers and payments, sent to and read from QuickBooks Online, Exact
Online and Moneybird."""
