//! A price that loads slowly.

use std::time::Duration;

use tokio::time::sleep;

/// Returns the price after the rest of the page has been rendered, as if from a slow database.
pub(crate) async fn find_price() -> String {
    sleep(Duration::from_millis(300)).await;
    "29.00 USD each month".to_owned()
}
