//! The reload methods of `ServerTls` and `ClientTls`.

/// Implements the reload methods for a handle with a field `generations`.
macro_rules! reload_methods {
    ($handle:ident) => {
        /// # Reloading
        impl $handle {
            /// Returns the setting `watch_files`: whether the server or client should watch the files.
            pub fn watches_files(&self) -> bool {
                self.generations.settings().handshake.watch_files
            }

            /// Reloads all files and uses them for new connections. Existing connections are not affected.
            /// Returns the number of the new generation. Reads files, so it may block briefly.
            ///
            /// # Errors
            /// Returns the same errors as [`new`](Self::new). The previous files stay in use.
            pub fn reload(&self) -> Result<u64, TlsError> {
                self.generations.reload()
            }

            /// Returns how many times the files were loaded successfully.
            pub fn generation(&self) -> u64 {
                self.generations.number()
            }

            /// Returns why the last reload failed; `None` if it succeeded.
            pub fn last_reload_error(&self) -> Option<TlsError> {
                self.generations.last_error()
            }

            /// Reloads when a file changes, until the returned guard is dropped.
            ///
            /// # Errors
            /// Returns [`TlsError::Watch`] if the system cannot watch the files' folders.
            ///
            /// # Panics
            /// Panics if called outside a tokio runtime with time enabled.
            pub fn watch(&self) -> Result<$crate::tls::TlsWatch, TlsError> {
                $crate::tls::TlsWatch::start(&self.generations)
            }
        }
    };
}
pub(super) use reload_methods;
