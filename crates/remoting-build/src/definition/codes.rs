use std::collections::{BTreeMap, HashMap, HashSet};

use protox::prost_reflect::MethodDescriptor;
use remoting_protocol::RequestCode;

use super::{Options, Settings};
use crate::fault::{CODES, FIRST_FREE, Fault};

/// The request codes of methods.
pub(super) struct Codes {
    of: HashMap<String, i32>,
    /// Codes that methods have, and those that faults have named.
    taken: HashSet<i32>,
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
        let mut taken: HashSet<i32> = all.collect();

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
                let (method, free) = (name.to_owned(), take_free(&mut taken));
                faults.push(Fault::CodeOutOfRange { method, code, free });
            } else if let Some(java) = RequestCode(code).name()
                && !settings.allow_rocketmq_codes
            {
                let (method, free) = (name.to_owned(), take_free(&mut taken));
                faults.push(Fault::RocketmqCode { method, code, name: java, free });
            }
            if let Some(other) = users.insert(code, name) {
                let (method, other, free) = (name.to_owned(), other.to_owned(), take_free(&mut taken));
                faults.push(Fault::DoubledCode { method, other, code, free });
            }
            of.insert(name.to_owned(), code);
        }
        Self { of, taken }
    }

    pub(super) fn code_of(&self, method: &str) -> Option<i32> {
        self.of.get(method).copied()
    }

    /// Returns a code that no method has and no fault has named.
    pub(super) fn take_free(&mut self) -> i32 {
        take_free(&mut self.taken)
    }
}

/// Each fault has its own code: they do not lead to two methods with the same code.
fn take_free(taken: &mut HashSet<i32>) -> i32 {
    (FIRST_FREE..=*CODES.end()).find(|code| taken.insert(*code)).unwrap_or(FIRST_FREE)
}

/// The codes that are given to a method, in its file first.
fn all_codes(method: &MethodDescriptor, options: &Options, settings: &Settings) -> Vec<i32> {
    let listed = settings.codes.iter().filter(|(name, _)| name == method.full_name());
    options.code(method).into_iter().chain(listed.map(|(_, code)| *code)).collect()
}
