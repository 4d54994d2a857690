//! The schema is a contract: a change of it is a change of `docs/schema.graphql`.

use std::fs;
use std::path::Path;

use async_graphql::{Request, SDLExportOptions};
use serde_json::Value;

use super::{INTROSPECTION, api};
use crate::graphql::schema;

fn sdl() -> String {
    let options =
        SDLExportOptions::new().use_space_ident().prefer_single_line_descriptions().include_specified_by();
    schema::builder(false).finish().sdl_with_options(options)
}

/// A wanted change: run this test, then `cp target/schema.graphql docs/schema.graphql` at the top of the workspace.
#[test]
fn the_published_schema_is_the_one_that_is_served() {
    let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let sdl = sdl();
    fs::create_dir_all(workspace.join("target")).unwrap();
    fs::write(workspace.join("target/schema.graphql"), &sdl).unwrap();
    let published = fs::read_to_string(workspace.join("docs/schema.graphql")).unwrap_or_default();
    assert!(
        published == sdl,
        "docs/schema.graphql differs from target/schema.graphql, which is what the code says"
    );
}

/// What a page shows is described, like every public item of the code.
#[tokio::test]
async fn everything_in_the_schema_is_described() {
    let response = api(true).execute(Request::new(INTROSPECTION)).await;
    let types = response.data.into_json().unwrap()["__schema"]["types"].take();
    for kind in types.as_array().unwrap() {
        let name = kind["name"].as_str().unwrap();
        if !name.starts_with("__") && !["Boolean", "Float", "ID", "Int", "String"].contains(&name) {
            assert_described("the schema", kind);
        }
    }
}

fn assert_described(place: &str, item: &Value) {
    let name = item["name"].as_str().unwrap();
    assert!(item["description"].is_string(), "{name} in {place} is not described");
    for list in ["fields", "args", "enumValues"] {
        item[list].as_array().into_iter().flatten().for_each(|inner| assert_described(name, inner));
    }
}
