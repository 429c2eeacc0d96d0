"""The shared customer database: customers, orders, invoices, tickets, consents, contact history."""

from crm import search_terms  # noqa: F401  # whoever writes a customer keeps the search up to date, whatever else they import
