//! What the kernel says about a process: the server, seen from outside.

use std::fs;
use std::io;
use std::time::Duration;

/// What one clock tick in `/proc` is worth: `USER_HZ`, 100 on every architecture Linux runs servers on.
const TICK: Duration = Duration::from_millis(10);

/// One look at a process.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ProcessSample {
    /// Resident memory in bytes, shared pages included.
    pub resident_bytes: u64,
    /// Memory in bytes that it has reserved to write to, resident or not.
    pub reserved_bytes: u64,
    /// CPU time of all threads since the start, user and system, in steps of 10 ms.
    pub cpu: Duration,
    /// Threads.
    pub threads: u64,
    /// Open file descriptors. A process that looks at itself sees one more: the directory it reads.
    pub descriptors: u64,
}

/// Why a process could not be looked at.
#[derive(Debug, thiserror::Error)]
pub enum ProcessError {
    /// No such process, or another user's.
    #[error("cannot read {path}: {source}")]
    Read {
        /// The file in `/proc`.
        path: String,
        /// The system's word.
        source: io::Error,
    },
    /// The file has not the form that proc(5) describes.
    #[error("cannot understand {path}")]
    Malformed {
        /// The file in `/proc`.
        path: String,
    },
}

impl ProcessSample {
    /// Looks at the process `pid`.
    ///
    /// # Errors
    /// [`ProcessError::Read`] when it has ended or belongs to another user.
    pub fn read(pid: u32) -> Result<Self, ProcessError> {
        let status = Page::read(format!("/proc/{pid}/status"))?;
        let stat = Page::read(format!("/proc/{pid}/stat"))?;
        Ok(Self {
            resident_bytes: status.parse(|text| number_after(text, "VmRSS:"))? * 1024,
            reserved_bytes: status.parse(|text| number_after(text, "VmData:"))? * 1024,
            cpu: stat.parse(cpu_time)?,
            threads: status.parse(|text| number_after(text, "Threads:"))?,
            descriptors: count_entries(format!("/proc/{pid}/fd"))?,
        })
    }

    /// Looks at the own process.
    ///
    /// # Errors
    /// [`ProcessError`] when `/proc` is not mounted.
    pub fn of_this_process() -> Result<Self, ProcessError> {
        Self::read(std::process::id())
    }
}

/// The most descriptors that this process may have open; `None` when there is no limit.
///
/// # Errors
/// [`ProcessError`] when `/proc` is not mounted.
pub fn descriptor_limit() -> Result<Option<u64>, ProcessError> {
    let limits = Page::read("/proc/self/limits".to_owned())?;
    match limits.parse(|text| first_word_after(text, "Max open files"))? {
        "unlimited" => Ok(None),
        limit => Ok(Some(limits.parse(|_| limit.parse().ok())?)),
    }
}

/// A file in `/proc` with its text.
struct Page {
    path: String,
    text: String,
}

impl Page {
    fn read(path: String) -> Result<Self, ProcessError> {
        match fs::read_to_string(&path) {
            Ok(text) => Ok(Self { path, text }),
            Err(source) => Err(ProcessError::Read { path, source }),
        }
    }

    fn parse<'a, T>(&'a self, parse: impl FnOnce(&'a str) -> Option<T>) -> Result<T, ProcessError> {
        parse(&self.text).ok_or_else(|| ProcessError::Malformed { path: self.path.clone() })
    }
}

fn count_entries(path: String) -> Result<u64, ProcessError> {
    match fs::read_dir(&path) {
        Ok(entries) => Ok(entries.count() as u64),
        Err(source) => Err(ProcessError::Read { path, source }),
    }
}

fn first_word_after<'a>(text: &'a str, label: &str) -> Option<&'a str> {
    text.lines().find_map(|line| line.strip_prefix(label))?.split_whitespace().next()
}

fn number_after(text: &str, label: &str) -> Option<u64> {
    first_word_after(text, label)?.parse().ok()
}

/// User and system time from `/proc/PID/stat`. The command's name is in brackets and may hold anything, brackets and
/// spaces included, so fields are counted from the last closing one: `state` comes first, `utime` is the 12th.
fn cpu_time(stat: &str) -> Option<Duration> {
    let (_, fields) = stat.rsplit_once(')')?;
    let mut times = fields.split_whitespace().skip(11);
    let user: u32 = times.next()?.parse().ok()?;
    let system: u32 = times.next()?.parse().ok()?;
    Some(TICK * user + TICK * system)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_with_brackets_and_spaces_does_not_shift_the_times() {
        let stat = "7 (a) b (c) S 1 7 7 0 -1 4194560 900 0 0 0 250 50 0 0 20 0 4 0 100 0 0";
        assert_eq!(cpu_time(stat), Some(Duration::from_secs(3)));
        assert_eq!(cpu_time("7 (a S 1"), None);
    }

    #[test]
    fn labels_are_found_at_the_start_of_a_line() {
        let status = "Name:\tVmRSS: 1\nVmRSS:\t    2048 kB\nThreads:\t5\n";
        assert_eq!(number_after(status, "VmRSS:"), Some(2048));
        assert_eq!(number_after(status, "Threads:"), Some(5));
        assert_eq!(number_after(status, "VmSwap:"), None);
    }

    #[test]
    fn this_process_can_be_looked_at_and_a_missing_one_is_named() {
        let sample = ProcessSample::of_this_process().unwrap();
        assert!(sample.resident_bytes > 0 && sample.threads > 0 && sample.descriptors > 0);
        assert!(descriptor_limit().unwrap().is_none_or(|limit| limit > 0));
        let error = ProcessSample::read(u32::MAX).unwrap_err();
        assert!(error.to_string().contains("/proc/4294967295/status"));
    }
}
