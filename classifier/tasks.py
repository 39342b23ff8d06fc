"""Look at pictures. The one module here that knows the networks."""
