use std::collections::HashSet;

use super::{RequestCode, ResponseCode};

#[test]
fn no_number_has_two_names() {
    assert_eq!(RequestCode::ALL.iter().collect::<HashSet<_>>().len(), RequestCode::ALL.len());
    assert_eq!(ResponseCode::ALL.iter().collect::<HashSet<_>>().len(), ResponseCode::ALL.len());
}

#[test]
fn every_name_is_parsed_as_its_code() {
    for code in RequestCode::ALL {
        assert_eq!(code.name().unwrap().parse(), Ok(*code));
    }
    for code in ResponseCode::ALL {
        assert_eq!(code.name().unwrap().parse(), Ok(*code));
    }
}

#[test]
fn a_code_without_a_name_displays_its_number() {
    assert_eq!(RequestCode(99).to_string(), "99");
    assert_eq!(ResponseCode(-1).to_string(), "-1");
    assert_eq!(ResponseCode::GO_AWAY.to_string(), "GO_AWAY(1500)");
    assert_eq!(ResponseCode::RPC_TIME_OUT.to_string(), "RPC_TIME_OUT(-1006)");
}

#[test]
fn all_codes_but_pop_and_lite_codes_fit_a_binary_header() {
    let too_large: Vec<_> = RequestCode::ALL.iter().filter(|code| !code.fits_binary_header()).collect();
    assert_eq!(too_large.len(), 18);
    assert!(too_large.iter().all(|code| code.0 > 200_000));
    assert!(RequestCode(32_767).fits_binary_header());
    assert!(!RequestCode(32_768).fits_binary_header());
    assert!(RequestCode(-32_768).fits_binary_header());
    assert!(!RequestCode(-32_769).fits_binary_header());
}
