//! The results.

use crate::java::{Drivers, Servers};
use crate::outcome::CaseResult;
use crate::table::Table;

/// The cells of clients and brokers, and what concerns one broker, one client or the name server alone.
#[derive(Default)]
pub(crate) struct Report {
    cells: Table,
    columns: Vec<Column>,
}

struct Column {
    side: &'static str,
    version: String,
    results: Vec<CaseResult>,
}

impl Report {
    pub(super) const fn cells(&mut self) -> &mut Table {
        &mut self.cells
    }

    /// Adds cases of each broker, in the order of the releases.
    pub(super) fn add_brokers(&mut self, servers: &[Servers], results: Vec<Vec<CaseResult>>) {
        for (servers, results) in servers.iter().zip(results) {
            self.add("broker", servers.version(), results);
        }
    }

    /// Adds cases of each client, in the order of the releases.
    pub(super) fn add_clients(&mut self, clients: &[Drivers], results: Vec<Vec<CaseResult>>) {
        for (client, results) in clients.iter().zip(results) {
            self.add("client", client.version(), results);
        }
    }

    pub(super) fn add_name_server(&mut self, results: Vec<CaseResult>) {
        self.add("name server", "all", results);
    }

    fn add(&mut self, side: &'static str, version: &str, results: Vec<CaseResult>) {
        match self.columns.iter_mut().find(|column| column.side == side && column.version == version) {
            Some(column) => column.results.extend(results),
            None => self.columns.push(Column { side, version: version.to_owned(), results }),
        }
    }

    /// Returns the table of the cells, and the table of what concerns one program.
    pub(crate) fn into_tables(self) -> [Table; 2] {
        let mut alone = Table::default();
        for Column { side, version, results } in self.columns {
            alone.add(&version, side, results);
        }
        [self.cells, alone]
    }
}
