//! Each request code with the types of its request and response.
