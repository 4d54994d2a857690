//! What somebody shows to be let in, which must never come back out (A5).

use std::collections::BTreeSet;

use collabd_documents::wire::peer;
use serde_json::json;

use super::exchange::{ask, hear, upgrade};
use crate::support::{Frame, Issuer, RawClient, SECRET, TestServer, claims, opcode, v1_path, v2_path};

/// Three tokens: one that is believed, one that has expired, one that somebody else has signed.
fn tokens() -> [String; 3] {
    let grants = json!({"1": "owner"});
    let mut late = claims("late", &grants);
    late["exp"] = json!(1);
    let [good, late] = [claims("ada", &grants), late].map(|claims| Issuer::secret().sign(&claims));
    [good, late, Issuer::ecdsa().sign(&claims("eve", &grants))]
}

/// All that comes back when `proof` is shown in every place there is.
fn shown(server: &TestServer, proof: &str) -> Vec<u8> {
    let bearer = format!("Authorization: Bearer {proof}\r\nContent-Type: application/json\r\n");
    let graphql = "Sec-WebSocket-Protocol: graphql-transport-ws\r\n";
    let mut heard = Vec::new();
    let mut kept = |client: &RawClient| heard.extend_from_slice(client.heard());

    let query = json!({ "query": "{ projects { id } nothing }" }).to_string();
    for headers in
        [&bearer, &bearer.replace("Bearer", "Basic"), &format!("Cookie: token={proof}\r\n{bearer}")]
    {
        kept(&ask(server, "POST /graphql", headers, query.as_bytes()).0);
        for path in
            ["/documents/1/plan", "/documents/2/plan", "/metrics", "/health/collaboration", "/unknown"]
        {
            kept(&ask(server, &format!("GET {path}?token={proof}"), headers, b"").0);
        }
        for (path, offer) in [(v1_path(1), ""), (v2_path(2), ""), ("/graphql/ws".to_owned(), graphql)] {
            kept(&upgrade(server, &path, &format!("{headers}{offer}")).0);
        }
    }
    let inside =
        json!({ "query": format!("{{ project(id: {proof:?}) {{ id }} }}"), "variables": {"token": proof} });
    kept(&ask(server, "POST /graphql", &bearer, inside.to_string().as_bytes()).0);

    let join = json!({"type": "join_session", "data": {"userId": "x", "userName": "x", "token": proof}});
    let fresh = json!({"type": "authenticate", "data": {"token": proof}});
    let twice = format!(r#"{{"type":"authenticate","data":{{"token":"{proof}","token":7}}}}"#);
    for path in [
        v1_path(1),
        v2_path(1),
        format!("{}&token={proof}", v1_path(1)),
        format!("{}&token={proof}", v2_path(1)),
    ] {
        let (mut client, response) = upgrade(server, &path, "");
        if response.status == 101 {
            for message in [&twice, &fresh.to_string(), &join.to_string(), &fresh.to_string()] {
                client.send_text(message);
            }
            hear(&mut client);
        }
        kept(&client);
    }
    for path in ["/ws/documents/1/plan".to_owned(), format!("/ws/documents/1/plan?ticket={proof}")] {
        let (mut client, _) = upgrade(server, &path, "");
        client.send_frame(&Frame::new(opcode::BINARY, peer::authenticate(proof).to_vec()));
        hear(&mut client);
        kept(&client);
    }
    let (mut client, _) = upgrade(server, "/graphql/ws", graphql);
    client
        .send_text(&json!({"type": "connection_init", "payload": {"token": proof, "x": proof}}).to_string());
    hear(&mut client);
    kept(&client);
    heard
}

/// A5: neither to whoever shows it, nor to operators, nor into any log.
#[test]
fn what_is_shown_to_be_let_in_never_comes_back_out() {
    for level in ["debug", "trace"] {
        let server = TestServer::start_with(&["--auth-secret", SECRET, "--auth-query-token", "--log", level]);
        let mut proofs: Vec<String> = tokens().into();
        let made = json!({ "query": "mutation { createTicket(projectId: 1) { ticket } }" }).to_string();
        let headers = format!("Authorization: Bearer {}\r\nContent-Type: application/json\r\n", proofs[0]);
        let (_, response) = ask(&server, "POST /graphql", &headers, made.as_bytes());
        let ticket = response.body.split('"').nth(7).expect("a ticket").to_owned();
        assert!(ticket.len() > 40, "{}", response.body);
        proofs.push(ticket);

        let mut out: Vec<(&str, String)> = proofs
            .iter()
            .map(|proof| ("answer", String::from_utf8_lossy(&shown(&server, proof)).into_owned()))
            .collect();
        for page in ["/health", "/health/ready", "/health/collaboration", "/metrics"] {
            let mut client = RawClient::connect(server.reports());
            client.send(format!("GET {page} HTTP/1.1\r\nHost: localhost\r\n\r\n"));
            out.push(("page for operators", client.response().body));
        }
        server.settled();
        out.push(("log", server.log()));
        assert!(server.log().contains("DEBUG"), "nothing was logged: {}", server.log());
        // The last part of a token, its signature, would be enough to know it by.
        let secrets: BTreeSet<_> =
            proofs.iter().map(|proof| proof.rsplit('.').next().expect("a part")).chain([SECRET]).collect();
        for (place, text) in out {
            let found = secrets.iter().find(|secret| text.contains(**secret));
            assert_eq!(found, None, "in the {place} at level {level}");
        }
    }
}
