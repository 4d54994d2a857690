//! Scratch.
#[test]
fn probe() {
    let cases: Vec<(String, String)> =
        serde_json::from_slice(&std::fs::read("/tmp/fx/cases.json").unwrap()).unwrap();
    let out: Vec<_> = cases
        .iter()
        .map(|(n, f)| match collabd_protocol::codec::decode(f) {
            Ok(m) => serde_json::json!([n, "OK", format!("{m:?}")]),
            Err(e) => serde_json::json!([n, e.code, e.message]),
        })
        .collect();
    std::fs::write("/tmp/fx/out.json", serde_json::to_vec(&out).unwrap()).unwrap();
}
