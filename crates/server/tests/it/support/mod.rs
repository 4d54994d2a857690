//! What every test needs: a server, its state, members.

mod bystanders;
mod certificate;
mod child;
mod document;
mod frame;
mod issuer;
mod key_server;
mod member;
mod raw;
mod raw_stream;
mod server;
mod state;

pub(crate) use bystanders::Bystanders;
pub(crate) use certificate::{CertificateFiles, TestCertificate};
pub(crate) use child::ChildGuard;
pub(crate) use document::DocumentClient;
pub(crate) use frame::{Frame, opcode};
pub(crate) use issuer::{Issuer, SECRET, base64url, claims};
pub(crate) use key_server::KeyServer;
pub(crate) use member::{canvas_at, cursor_in, join_request, member, member_in, switch_to};
pub(crate) use raw::{RawClient, RawEnd, RawResponse, upgrade_request, v1_path, v2_path};
pub(crate) use server::{ADMIN, FULL_SPEED, TestServer, binary};
pub(crate) use state::eventually;
