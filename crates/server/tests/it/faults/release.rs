//! A build as it is released.

use collabd_loadgen::http::HttpClient;

use crate::support::{ADMIN, TestServer, binary};

fn holds(binary: &[u8], text: &str) -> bool {
    binary.windows(text.len()).any(|part| part == text.as_bytes())
}

#[tokio::test]
async fn a_default_build_takes_no_wishes_for_faults_and_knows_no_way_to() {
    let server = TestServer::start_with(&[ADMIN]);
    for address in [server.address(), server.reports()] {
        let answer = HttpClient::new(address).post_json("/faults/reader", &()).await.expect("an answer");
        assert_eq!(answer.status.as_u16(), 404, "{address}");
    }
    let binary = std::fs::read(binary()).expect("the binary");
    assert!(holds(&binary, "/health/ready"), "this is not how it is looked for");
    for text in ["/faults/", "fault on purpose", "/ws/echo"] {
        assert!(!holds(&binary, text), "{text}");
    }
}
