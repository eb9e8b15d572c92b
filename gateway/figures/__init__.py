"""The rates by which a community answers for its work: counted from the view of orders by published formulas."""
