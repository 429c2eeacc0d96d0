"""The shared customer database: customers, orders, invoices, tickets, consents, contact history."""
