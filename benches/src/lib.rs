//! Benchmarks of the remoting stack.
