//! The conversation of a benchmark program with `cargo xtask bench`, over standard input and output.
//!
//! | program | prints | reads |
//! |---|---|---|
//! | server | `listening ADDR` | the end of its input: exit |
//! | client | `ready`, once every connection has had one answer | `time WARM_UP_MS MEASURE_MS` or `count REQUESTS`, any number of times |
//! | | `measuring`, `measured`, `report {…}`, for each of these | the end of its input: exit |
//! | connections | `ready` | `open COUNT`, to stay open; `use`, for one request on each that is open; `churn COUNT`, to be opened, used and closed |
//! | | `opened SECONDS`, `used SECONDS`, `churned SECONDS` | the end of its input: exit |
//!
//! The observer reads CPU time and memory between `measuring` and `measured`.

mod connections;
mod input;
mod lane;
mod options;
mod session;

pub use self::connections::{Dialler, hold};
pub use self::lane::{Lane, Pace};
pub use self::options::{Header, RuntimeOptions, Shape};
pub use self::session::{listen_until_stdin_closes, obey};
