//! What a query may cost, alone and together with its caller's others (L5). The library has counted when this is asked,
//! and nothing was executed yet.

use std::sync::Arc;

use async_graphql::async_trait::async_trait;
use async_graphql::extensions::{Extension, ExtensionContext, ExtensionFactory, NextValidation};
use async_graphql::{ServerError, ValidationResult};
use collabd_protocol::{LimitHit, LimitName};

use super::error::{Code, at_limit, rate_limited};
use crate::admission::Purse;
use crate::app::App;

/// What a query may cost; [`cost`](super::cost) says what costs how much.
pub(crate) const MAX_COMPLEXITY: usize = 500;

/// Refuses queries that go too deep or cost too much, and those whose callers have used up their budget.
#[derive(Debug, Clone, Copy)]
pub(super) struct Bounds {
    pub(super) max_depth: usize,
}

impl ExtensionFactory for Bounds {
    fn create(&self) -> Arc<dyn Extension> {
        Arc::new(*self)
    }
}

#[async_trait]
impl Extension for Bounds {
    async fn validation(
        &self,
        ctx: &ExtensionContext<'_>,
        next: NextValidation<'_>,
    ) -> Result<ValidationResult, Vec<ServerError>> {
        let result = next.run(ctx).await?;
        self.check(&result).map_err(|(message, hit)| {
            // The schema alone, without a server, has nothing to count with.
            if let Some(app) = ctx.data_opt::<App>() {
                app.admission().hits().count(hit);
            }
            vec![at_limit(Code::BadRequest, message, hit)]
        })?;
        if let Some(purse) = ctx.data_opt::<Purse>() {
            let cost = u32::try_from(result.complexity).unwrap_or(u32::MAX);
            purse.pay(cost).map_err(|refusal| vec![rate_limited(&refusal)])?;
        }
        Ok(result)
    }
}

impl Bounds {
    fn check(self, result: &ValidationResult) -> Result<(), (&'static str, LimitHit)> {
        let (cost, depth) = (result.complexity, result.depth);
        if cost > MAX_COMPLEXITY {
            let hit = LimitHit::new(LimitName::GraphqlComplexity, MAX_COMPLEXITY, cost);
            return Err(("Query is too complex.", hit));
        }
        if depth > self.max_depth {
            let hit = LimitHit::new(LimitName::GraphqlDepth, self.max_depth, depth);
            return Err(("Query is nested too deep.", hit));
        }
        Ok(())
    }
}
