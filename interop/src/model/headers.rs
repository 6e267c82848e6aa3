//! The typed headers of the artifacts.

use super::TestData;
use crate::java::Drivers;
use crate::outcome::CaseResult;

pub(super) async fn run(data: &TestData, drivers: &Drivers) -> Vec<CaseResult> {
    const CLASSES: &str = "headers.txt";
    let newest = data.of_newest(CLASSES);
    let newest: Vec<&str> = newest.as_deref().into_iter().collect();
    vec![
        data.check(drivers, "model.HeaderPrinter", &[], CLASSES).await,
        data.check(drivers, "model.HeaderFramePrinter", &newest, "header-frames.txt").await,
    ]
}
