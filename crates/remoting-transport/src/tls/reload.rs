//! The methods about reloading, which the handles of both sides have.

/// Gives the methods about reloading to a handle that has its [`Generations`] as `generations`.
macro_rules! reload_methods {
    ($handle:ident) => {
        /// # Reloading
        impl $handle {
            /// Whether the owner of the server or client is asked to watch the files, as the setting `watch_files` says.
            pub fn watches_files(&self) -> bool {
                self.generations.settings().handshake.watch_files
            }

            /// Reads all files again and, if they belong together, uses them for new connections; gives the number
            /// of the new generation. Those that exist go on with what they have. Reads files, so it may block for a
            /// moment.
            ///
            /// # Errors
            /// As [`new`](Self::new). What was loaded before stays in use.
            pub fn reload(&self) -> Result<u64, TlsError> {
                self.generations.reload()
            }

            /// How many times the files have been loaded with success.
            pub fn generation(&self) -> u64 {
                self.generations.number()
            }

            /// Why the last reload failed; `None` if it did not.
            pub fn last_reload_error(&self) -> Option<TlsError> {
                self.generations.last_error()
            }

            /// Reloads when a file changes, until the guard that this returns is dropped.
            ///
            /// # Errors
            /// When the system cannot watch the files' folders.
            ///
            /// # Panics
            /// Outside a tokio runtime with time enabled.
            pub fn watch(&self) -> Result<$crate::tls::TlsWatch, TlsError> {
                $crate::tls::TlsWatch::start(&self.generations)
            }
        }
    };
}
pub(super) use reload_methods;
