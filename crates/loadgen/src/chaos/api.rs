//! The mutations of the scenarios, over GraphQL.

use std::net::SocketAddr;

use serde_json::{Value, json};

use crate::http::{HttpClient, HttpError};

/// Documents of one page of a list.
const PAGE: usize = 1000;

/// Asks one server.
#[derive(Debug, Clone)]
pub(crate) struct Api {
    http: HttpClient,
}

/// What a mutation was answered with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Answer {
    /// It is done, and on the disk.
    Done(Value),
    /// It is not done, for the reason with this code.
    Refused(String),
}

impl Api {
    pub(crate) fn new(address: SocketAddr) -> Self {
        Self { http: HttpClient::new(address) }
    }

    /// Makes a project. Gives its number.
    pub(crate) async fn create_project(&self, name: &str) -> Result<Option<u32>, HttpError> {
        let query = "mutation ($name: String!) { createProject(name: $name) { id } }";
        let answer = self.ask(query, json!({ "name": name })).await?;
        Ok(match answer {
            Answer::Done(data) => data["createProject"]["id"].as_u64().and_then(|id| id.try_into().ok()),
            Answer::Refused(_) => None,
        })
    }

    /// Makes a document. Its id is the client's own, so whoever has not heard an answer may ask again.
    pub(crate) async fn create_document(&self, project: u32, id: &str) -> Result<Answer, HttpError> {
        let query = "mutation ($project: Int!, $id: ID!) { createDocument(projectId: $project, id: $id, name: $id, \
                     documentType: CANVAS) { id } }";
        self.ask(query, json!({ "project": project, "id": id })).await
    }

    /// The names of all documents of a project, in the order of their ids.
    pub(crate) async fn documents(&self, project: u32) -> Result<Vec<String>, HttpError> {
        let query = "query ($project: Int!, $first: Int!, $after: ID) { project(id: $project) { \
                     documents(first: $first, after: $after) { id name } } }";
        let mut names = Vec::new();
        let mut after = Value::Null;
        loop {
            let variables = json!({ "project": project, "first": PAGE, "after": after });
            let Answer::Done(data) = self.ask(query, variables).await? else { return Ok(names) };
            let page = data["project"]["documents"].as_array().cloned().unwrap_or_default();
            names.extend(page.iter().filter_map(|document| document["name"].as_str()).map(str::to_owned));
            match page.last() {
                Some(last) if page.len() == PAGE => after = last["id"].clone(),
                _ => return Ok(names),
            }
        }
    }

    async fn ask(&self, query: &str, variables: Value) -> Result<Answer, HttpError> {
        let asked = json!({ "query": query, "variables": variables });
        let answer: Value = self.http.post_json("/graphql", &asked).await?.json()?;
        Ok(match answer["errors"][0]["extensions"]["code"].as_str() {
            Some(code) => Answer::Refused(code.to_owned()),
            None if answer["data"].is_object() => Answer::Done(answer["data"].clone()),
            None => Answer::Refused(answer.to_string()),
        })
    }
}
