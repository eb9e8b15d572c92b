"""Pictures with orders: drawn anew, sealed, kept for a time, shown to whom they concern."""
