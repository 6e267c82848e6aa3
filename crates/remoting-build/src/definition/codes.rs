use std::collections::{BTreeMap, HashMap};

use protox::prost_reflect::MethodDescriptor;
use remoting_protocol::RequestCode;

use super::{Options, Settings};
use crate::fault::{CODES, FIRST_FREE, Fault};

/// The request codes of methods, and a code that none has.
pub(super) struct Codes {
    of: HashMap<String, i32>,
    free: i32,
}

impl Codes {
    /// Collects the codes from the files and the build script, with the faults that they have.
    pub(super) fn collect(
        methods: &[MethodDescriptor],
        options: &Options,
        settings: &Settings,
        faults: &mut Vec<Fault>,
    ) -> Self {
        let all = methods.iter().flat_map(|method| all_codes(method, options, settings));
        let taken: Vec<i32> = all.collect();
        let free = (FIRST_FREE..=*CODES.end()).find(|code| !taken.contains(code)).unwrap_or(FIRST_FREE);

        let mut of = HashMap::new();
        let mut users: BTreeMap<i32, &str> = BTreeMap::new();
        for method in methods {
            let name = method.full_name();
            let found = all_codes(method, options, settings);
            let Some(&code) = found.first() else { continue };
            if let Some(&second) = found.iter().find(|other| **other != code) {
                faults.push(Fault::TwoCodes { method: name.to_owned(), first: code, second });
            }
            if !CODES.contains(&code) {
                faults.push(Fault::CodeOutOfRange { method: name.to_owned(), code, free });
            } else if let Some(java) = RequestCode(code).name()
                && !settings.allow_rocketmq_codes
            {
                faults.push(Fault::RocketmqCode { method: name.to_owned(), code, name: java, free });
            }
            if let Some(other) = users.insert(code, name) {
                let (method, other) = (name.to_owned(), other.to_owned());
                faults.push(Fault::DoubledCode { method, other, code, free });
            }
            of.insert(name.to_owned(), code);
        }
        Self { of, free }
    }

    pub(super) fn code_of(&self, method: &str) -> Option<i32> {
        self.of.get(method).copied()
    }

    /// Returns a code that no method has.
    pub(super) fn free(&self) -> i32 {
        self.free
    }
}

/// The codes that are given to a method, in its file first.
fn all_codes(method: &MethodDescriptor, options: &Options, settings: &Settings) -> Vec<i32> {
    let listed = settings.codes.iter().filter(|(name, _)| name == method.full_name());
    options.code(method).into_iter().chain(listed.map(|(_, code)| *code)).collect()
}
