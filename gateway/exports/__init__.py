"""Tables for spreadsheets: what a member of staff may see, cut to their areas, with cells that compute nothing."""
