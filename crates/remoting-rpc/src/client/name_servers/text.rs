//! The accepted forms of a name server list.

use crate::transport::{Address, AddressError};

/// A list of name servers: Java's text, in which semicolons separate the addresses, or an array, slice or
/// `Vec` of values that convert into an [`Address`].
///
/// ```
/// use remoting_rpc::ToNameServers;
/// use remoting_rpc::transport::Address;
///
/// let text = "10.0.0.1:9876; 10.0.0.2:9876;".to_addresses()?;
/// assert_eq!(text, ["10.0.0.1:9876", "10.0.0.2:9876"].to_addresses()?);
/// assert_eq!(text, text.to_addresses()?);
/// assert!("10.0.0.1:9876;10.0.0.2".to_addresses().is_err());
/// # Ok::<(), remoting_rpc::transport::AddressError>(())
/// ```
pub trait ToNameServers {
    /// Returns the addresses in the list.
    ///
    /// # Errors
    ///
    /// Returns [`AddressError`] for the first address that is invalid.
    fn to_addresses(&self) -> Result<Vec<Address>, AddressError>;
}

impl ToNameServers for str {
    fn to_addresses(&self) -> Result<Vec<Address>, AddressError> {
        self.split(';').map(Self::trim).filter(|text| !text.is_empty()).map(Self::parse).collect()
    }
}

impl ToNameServers for String {
    fn to_addresses(&self) -> Result<Vec<Address>, AddressError> {
        self.as_str().to_addresses()
    }
}

impl<A> ToNameServers for [A]
where
    A: Clone + TryInto<Address, Error: Into<AddressError>>,
{
    fn to_addresses(&self) -> Result<Vec<Address>, AddressError> {
        self.iter().map(|addr| addr.clone().try_into().map_err(Into::into)).collect()
    }
}

impl<A, const N: usize> ToNameServers for [A; N]
where
    A: Clone + TryInto<Address, Error: Into<AddressError>>,
{
    fn to_addresses(&self) -> Result<Vec<Address>, AddressError> {
        self.as_slice().to_addresses()
    }
}

impl<A> ToNameServers for Vec<A>
where
    A: Clone + TryInto<Address, Error: Into<AddressError>>,
{
    fn to_addresses(&self) -> Result<Vec<Address>, AddressError> {
        self.as_slice().to_addresses()
    }
}

impl<L: ToNameServers + ?Sized> ToNameServers for &L {
    fn to_addresses(&self) -> Result<Vec<Address>, AddressError> {
        (**self).to_addresses()
    }
}
