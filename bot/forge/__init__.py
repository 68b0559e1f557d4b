"""GitHub and a local git repository behind one port."""
