//! Clients that mean harm. What they send is kept in tables, with what they get for it; while a table is gone through,
//! people in a project of their own work on and notice nothing ([`Bystanders`](crate::support::Bystanders)). Which attack
//! is met by which test is in `docs/security.md`.

mod exchange;
mod frames;
mod graphql;
mod heads;
mod isolation;
mod messages;
mod operations;
mod secrets;

/// The bytes that a text of a table stands for: each of its characters is one, so that any byte can be written, and
/// `⟨x*70⟩` is 70 times `x`.
fn bytes(text: &str) -> Vec<u8> {
    let mut all = Vec::new();
    for (index, part) in text.split(['⟨', '⟩']).enumerate() {
        let is_repeated = index % 2 == 1;
        let (part, times) = if is_repeated { part.rsplit_once('*').expect("how often") } else { (part, "1") };
        let byte = |character| u8::try_from(character).expect("a character of a table is a byte");
        let part: Vec<u8> = part.chars().map(byte).collect();
        all.extend(part.repeat(times.parse().expect("a number")));
    }
    all
}
