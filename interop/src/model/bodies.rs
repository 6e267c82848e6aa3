//! The bodies of the artifacts: their classes, what Java writes, and what it reads of ours.

use std::collections::BTreeMap;

use anyhow::{Context, ensure};
use remoting::model::{body, for_each_body};
use remoting::protocol::body::{from_json, to_json};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::TestData;
use crate::java::{self, Drivers};
use crate::outcome::{CaseResult, Outcome};

pub(super) async fn run(data: &TestData, drivers: &Drivers) -> Vec<CaseResult> {
    let mut results = vec![
        data.check(drivers, "model.BodyPrinter", &[], "bodies.txt").await,
        data.check(drivers, "model.BodyValuePrinter", &[], "body-values.txt").await,
    ];
    if !data.record {
        let outcome = match read_back(data, drivers).await {
            Ok(()) => Outcome::Pass,
            Err(error) => Outcome::failed(format_args!("{error:#}")),
        };
        results.push(CaseResult { name: "model/bodies-read-by-java".to_owned(), outcome });
    }
    results
}

/// A class that Java only writes. The fastjson of 5.3.3 reads it without the times.
const NEVER_READ: &str = "AccAndTimeStamp";

/// A recorded body.
struct Recorded {
    /// Whether Java of the version under test has written it.
    is_own: bool,
    class: String,
    java: String,
}

/// Java must read what is written here from the bodies of all versions, and write its own bodies again as they were.
async fn read_back(data: &TestData, drivers: &Drivers) -> anyhow::Result<()> {
    let recorded = recorded(data)?;
    let mut lines = String::new();
    for body in &recorded {
        let ours =
            rewrite(&body.class, &body.java).with_context(|| format!("{} {}", body.class, body.java))?;
        lines.push_str(&format!("{} {ours}\n", body.class));
    }
    let file =
        std::env::temp_dir().join(format!("remoting-bodies-{}-{}", drivers.version(), std::process::id()));
    std::fs::write(&file, lines).with_context(|| file.display().to_string())?;
    let read = java::output(drivers, "model.BodyReader", &[&file.display().to_string()]).await;
    std::fs::remove_file(&file).with_context(|| file.display().to_string())?;

    let read = read?;
    let read: Vec<&str> = read.lines().collect();
    ensure!(read.len() == recorded.len(), "Java has answered {} of {} bodies", read.len(), recorded.len());
    for (body, read) in recorded.iter().zip(read) {
        ensure!(!read.starts_with('!'), "Java refuses {} of {}: {read}", body.class, body.java);
        if body.is_own && body.class != NEVER_READ {
            let (java, read) = (sorted(&body.java)?, sorted(read)?);
            ensure!(contains(&read, &java), "{}: Java wrote {java}, and has read {read}", body.class);
        }
    }
    Ok(())
}

/// Reads the bodies of all versions.
fn recorded(data: &TestData) -> anyhow::Result<Vec<Recorded>> {
    let mut recorded = Vec::new();
    let versions = data.folder.parent().context("the folder of a version is in another")?;
    for version in std::fs::read_dir(versions).with_context(|| versions.display().to_string())? {
        let folder = version?.path();
        // A document lies beside the folders.
        if !folder.is_dir() {
            continue;
        }
        let path = folder.join("body-values.txt");
        let lines = std::fs::read_to_string(&path).with_context(|| path.display().to_string())?;
        for line in lines.lines() {
            let mut words = line.splitn(3, ' ');
            let (Some(class), Some(_kind), Some(java)) = (words.next(), words.next(), words.next()) else {
                anyhow::bail!("{}: `{line}` is not a class, a kind and JSON", path.display());
            };
            let is_own = folder == data.folder;
            recorded.push(Recorded { is_own, class: class.to_owned(), java: java.to_owned() });
        }
    }
    ensure!(recorded.iter().any(|body| body.is_own), "no body of this version is recorded");
    Ok(recorded)
}

/// Reads the JSON of a body and writes it.
fn rewrite(class: &str, json: &str) -> anyhow::Result<String> {
    fn of<B: Serialize + DeserializeOwned>(json: &str) -> anyhow::Result<String> {
        let body: B = from_json(json.as_bytes())?;
        Ok(String::from_utf8(to_json(&body)?.to_vec())?)
    }
    macro_rules! dispatch {
        ($($body:ident)*) => {
            match class {
                $(stringify!($body) => of::<body::$body>(json),)*
                _ => Err(anyhow::anyhow!("no struct of this name")),
            }
        };
    }
    for_each_body!(dispatch)
}

/// Parses JSON with sorted arrays: a set has no order in Java.
fn sorted(json: &str) -> anyhow::Result<Value> {
    fn sort(value: &mut Value) {
        match value {
            Value::Array(elements) => {
                elements.iter_mut().for_each(sort);
                elements.sort_by_key(Value::to_string);
            }
            Value::Object(members) => members.values_mut().for_each(sort),
            _ => {}
        }
    }
    let members: BTreeMap<String, Value> =
        from_json(json.as_bytes()).with_context(|| format!("not JSON: {json}"))?;
    let mut value = Value::Object(members.into_iter().collect());
    sort(&mut value);
    Ok(value)
}

/// Whether each member of `java`, at any depth, is in `read` with the same value. Java has read empty texts and lists where
/// it wrote nothing for null.
fn contains(read: &Value, java: &Value) -> bool {
    match (read, java) {
        (Value::Object(read), Value::Object(java)) => {
            java.iter().all(|(key, value)| read.get(key).is_some_and(|read| contains(read, value)))
        }
        (Value::Array(read), Value::Array(java)) => {
            read.len() == java.len() && read.iter().zip(java).all(|(read, java)| contains(read, java))
        }
        (read, java) => read == java,
    }
}
