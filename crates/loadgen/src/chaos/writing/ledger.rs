//! What was asked for in one round, and what of it was acknowledged.

use std::collections::HashMap;

use collabd_protocol::DocumentId;

/// One round's orders.
#[derive(Debug, Default)]
pub(crate) struct Ledger {
    pub(super) project: u32,
    pub(super) orders: Vec<Order>,
    pub(super) texts: Vec<Typed>,
}

/// One mutation.
#[derive(Debug)]
pub(super) struct Order {
    pub(super) id: String,
    pub(super) is_acknowledged: bool,
}

/// What one client typed into a document of its own.
#[derive(Debug)]
pub(super) struct Typed {
    pub(super) document: DocumentId,
    /// The text before the first key and after each.
    pub(super) texts: Vec<String>,
    /// Keys that were reported saved.
    pub(super) saved: usize,
}

/// What is wrong with what was found.
#[derive(Debug, Default)]
pub(super) struct Faults {
    pub(super) lost: Vec<String>,
    pub(super) doubled: Vec<String>,
    pub(super) foreign: Vec<String>,
}

impl Ledger {
    /// How many mutations were acknowledged.
    pub(super) fn acknowledged(&self) -> usize {
        self.orders.iter().filter(|order| order.is_acknowledged).count()
    }

    /// Compares the documents that are there with those that were ordered. Those that people typed into are listed, too.
    pub(super) fn compare(&self, found: &[String]) -> Faults {
        let mut counts: HashMap<&str, usize> = HashMap::new();
        for name in found {
            *counts.entry(name).or_default() += 1;
        }
        let mut faults = Faults::default();
        for Order { id, is_acknowledged } in &self.orders {
            match counts.remove(id.as_str()).unwrap_or(0) {
                0 if *is_acknowledged => faults.lost.push(id.clone()),
                0 | 1 => {}
                count => faults.doubled.push(format!("{id} is there {count} times")),
            }
        }
        for typed in &self.texts {
            counts.remove(typed.document.as_str());
        }
        faults.foreign = counts.into_keys().map(str::to_owned).collect();
        faults
    }
}

impl Typed {
    /// What is wrong with this text, found where the client typed: it must be what was there after some key, and not
    /// before the last one that was reported saved.
    pub(super) fn fault(&self, found: &str) -> Option<String> {
        let Self { document, texts, saved } = self;
        // The same text may have been there twice: a letter that is taken away again.
        match texts.iter().rposition(|text| text == found) {
            None => Some(format!("{document} has a text that was never typed: {found:?}")),
            Some(keys) if keys < *saved => {
                Some(format!("{document} has {keys} keys, and {saved} were reported saved"))
            }
            Some(_) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn order(id: &str, is_acknowledged: bool) -> Order {
        Order { id: id.to_owned(), is_acknowledged }
    }

    #[test]
    fn what_was_acknowledged_must_be_there_and_nothing_twice() {
        let orders = vec![order("a", true), order("b", true), order("c", false), order("d", false)];
        let ledger = Ledger { project: 1, orders, texts: Vec::new() };
        let found: Vec<_> = ["a", "a", "d", "x"].map(str::to_owned).into();
        let faults = ledger.compare(&found);
        assert_eq!((faults.lost, faults.foreign), (vec!["b".to_owned()], vec!["x".to_owned()]));
        assert_eq!(faults.doubled, ["a is there 2 times"]);
        assert_eq!(ledger.acknowledged(), 2);
    }

    #[test]
    fn a_text_is_one_that_was_there_and_no_older_than_what_was_saved() {
        let texts = ["", "a", "ab", "a"].map(str::to_owned).into();
        let mut typed = Typed { document: DocumentId::new("d").unwrap(), texts, saved: 2 };
        assert_eq!((typed.fault("ab"), typed.fault("a")), (None, None));
        assert!(typed.fault("").unwrap().contains("0 keys, and 2"));
        assert!(typed.fault("aab").unwrap().contains("never typed"));
        typed.saved = 0;
        assert_eq!(typed.fault(""), None);
    }
}
