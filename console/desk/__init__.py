"""The desk's pages: each route calls one function of a leaf and shows what it gives."""
