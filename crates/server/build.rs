//! Lists the files of the built page for `src/page/assets.rs`, which takes them into the binary. Without a built page
//! there is one that says how to build it, so that whoever works on the server alone needs no Node.js.

use std::error::Error;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs};

fn main() -> Result<(), Box<dyn Error>> {
    let crate_directory = Path::new(env!("CARGO_MANIFEST_DIR"));
    let built = crate_directory.join("../../ui/dist");
    // It is there without a built page, too, with nothing in it: cargo takes what is missing for changed.
    println!("cargo::rerun-if-changed={}", built.display());
    println!("cargo::rerun-if-changed=src/page/unbuilt.html");

    let mut files = vec![("index.html".to_owned(), crate_directory.join("src/page/unbuilt.html"))];
    if built.join("index.html").is_file() {
        files = vec![("index.html".to_owned(), built.join("index.html"))];
        for entry in fs::read_dir(built.join("assets"))? {
            let entry = entry?;
            files.push((format!("assets/{}", entry.file_name().to_string_lossy()), entry.path()));
        }
        files.retain(|(_, file)| {
            file.extension().is_none_or(|extension| extension != "br" && extension != "gz")
        });
        files.sort();
    }

    let mut table = String::from("&[\n");
    for (name, file) in &files {
        let (plain, brotli, gzip) = (bytes_of(file), compressed(file, "br"), compressed(file, "gz"));
        writeln!(table, "    Asset {{ name: {name:?}, plain: {plain}, brotli: {brotli}, gzip: {gzip} }},")?;
    }
    table.push_str("]\n");
    let out = env::var_os("OUT_DIR").ok_or("cargo sets OUT_DIR")?;
    fs::write(PathBuf::from(out).join("page.rs"), table)?;
    Ok(())
}

/// The bytes of a file, as code.
fn bytes_of(file: &Path) -> String {
    format!("include_bytes!({:?})", file.display().to_string())
}

/// The bytes of what the page's build has compressed, where it has, as code.
fn compressed(file: &Path, extension: &str) -> String {
    let mut name = file.as_os_str().to_owned();
    name.push(".");
    name.push(extension);
    let file = PathBuf::from(name);
    if file.is_file() { format!("Some({})", bytes_of(&file)) } else { "None".to_owned() }
}
