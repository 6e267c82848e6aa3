//! Constants and names, and bodies that are not JSON.

use super::TestData;
use crate::java::Drivers;
use crate::outcome::CaseResult;

pub(super) async fn run(data: &TestData, drivers: &Drivers) -> Vec<CaseResult> {
    vec![
        data.check(drivers, "model.NamePrinter", &[], "names.txt").await,
        data.check(drivers, "model.FormRecorder", &[], "forms.txt").await,
    ]
}
