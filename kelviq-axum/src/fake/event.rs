//! The `checkout.completed` event, with every field that Kelviq's own sample has.

use std::time::{SystemTime, UNIX_EPOCH};

use kelviq_core::WebhookSecret;
use serde_json::{Value, json};

use super::{ids, sessions::Session};

/// An event: the same JSON in every delivery.
#[derive(Debug)]
pub(super) struct Event {
    pub(super) id: String,
    pub(super) json: String,
}

const ORGANIZATION: &str = "5f0c8c1e-7b0a-4c57-9a43-2d6f0c1b7e11";
const PRODUCT: &str = "0b9d1d3a-52c4-4f6e-8a71-6a3e9c5d2f20";
const BUYER_NAME: &str = "Test Buyer";
const BUYER_EMAIL: &str = "buyer@example.com";

impl Event {
    pub(super) fn checkout_completed(session: &Session, paid: SystemTime) -> Self {
        let checkout = &session.checkout;
        let field = |name: &str| checkout.fields.get(name).cloned().unwrap_or_default();
        let price = &session.price;
        let kelviq_customer_id = ids::kelviq_customer_id(&session.customer_id);
        let billing_address = json!({
            "line1": null,
            "line2": null,
            "city": null,
            "state": null,
            "postal_code": "12345",
            "country": checkout.text("defaultBillingCountry").unwrap_or("US"),
        });
        let object = json!({
            "id": checkout.id,
            "object": "checkout_session",
            "status": "success",
            "checkout_type": match checkout.text("chargePeriod") {
                Some("ONE_TIME") => "ONE_TIME",
                _ => "SUBSCRIPTION",
            },
            "customer_id": kelviq_customer_id,
            "customer": {
                "id": kelviq_customer_id,
                "name": BUYER_NAME,
                "email": BUYER_EMAIL,
                "customer_id": session.customer_id,
                "billing_address": billing_address,
            },
            "organization": ORGANIZATION,
            "amount": price.amount(),
            "amount_units": price.units,
            "currency": price.currency,
            "discount_code": checkout.text("discountCode").unwrap_or_default(),
            "features": field("features"),
            "plan": {
                "name": plan_name(checkout.plan()),
                "version": 1,
                "identifier": checkout.plan(),
            },
            "product": {"id": PRODUCT, "name": "Test product"},
            "billing_address": billing_address,
            "data": {
                "name": BUYER_NAME,
                "email": BUYER_EMAIL,
                "referer": null,
                "cancel_url": field("cancelUrl"),
                "success_url": field("successUrl"),
                "tax_behavior": checkout.text("taxBehavior").unwrap_or("EXCLUSIVE"),
                "discounts_enabled": field("discountsEnabled").as_bool().unwrap_or(true),
            },
            "created_on": rfc3339(session.created),
            "modified_on": rfc3339(paid),
        });
        let id = ids::uuid();
        Self {
            json: format!(
                r#"{{"id":{},"type":"checkout.completed","created_at":{},"data":{{"object":{}}}}}"#,
                json!(id),
                json!(rfc3339(paid)),
                with_metadata(&object, checkout.metadata.as_json()),
            ),
            id,
        }
    }

    /// The three headers of a delivery at `time`, or now.
    pub(super) fn sign(
        &self,
        secret: &WebhookSecret,
        time: Option<SystemTime>,
    ) -> [(&'static str, String); 3] {
        let timestamp = match time
            .unwrap_or_else(SystemTime::now)
            .duration_since(UNIX_EPOCH)
        {
            Ok(since) => since.as_secs().to_string(),
            Err(before) => format!("-{}", before.duration().as_secs()),
        };
        let signature = secret.sign(&self.id, &timestamp, self.json.as_bytes());
        [
            ("webhook-id", self.id.clone()),
            ("webhook-timestamp", timestamp),
            ("webhook-signature", signature),
        ]
    }
}

/// The object with the metadata put in as text: through a `Value` its numbers and key order would change.
pub(super) fn with_metadata(object: &Value, metadata: &str) -> String {
    let object = object.to_string();
    let inner = object.strip_prefix('{').unwrap_or(&object);
    format!(r#"{{"metadata":{metadata},{inner}"#)
}

/// `pro-plan` as `Pro Plan`.
pub(super) fn plan_name(identifier: &str) -> String {
    let words: Vec<String> = identifier
        .split(['-', '_', ' '])
        .filter(|word| !word.is_empty())
        .map(|word| {
            let mut rest = word.chars();
            let first = rest.next().map(|c| c.to_uppercase().to_string());
            first.unwrap_or_default() + rest.as_str()
        })
        .collect();
    words.join(" ")
}

/// `2026-04-01T17:28:39Z`
pub(super) fn rfc3339(time: SystemTime) -> String {
    let seconds = time
        .duration_since(UNIX_EPOCH)
        .map_or(0, |since| since.as_secs());
    let (days, second) = (seconds / 86_400, seconds % 86_400);
    // The usual trick: years that begin in March have their leap day at the end, and eras of 400 years are alike.
    let days = days + 719_468;
    let (era, day_of_era) = (days / 146_097, days % 146_097);
    let year_of_era =
        (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = (month_from_march + 2) % 12 + 1;
    let year = era * 400 + year_of_era + u64::from(month <= 2);
    format!(
        "{year:04}-{month:02}-{day:02}T{:02}:{:02}:{:02}Z",
        second / 3_600,
        second / 60 % 60,
        second % 60,
    )
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn times_are_rfc_3339() {
        for (seconds, text) in [
            (0, "1970-01-01T00:00:00Z"),
            (951_782_399, "2000-02-28T23:59:59Z"),
            (951_782_400, "2000-02-29T00:00:00Z"),
            (1_772_323_199, "2026-02-28T23:59:59Z"),
            (1_772_323_200, "2026-03-01T00:00:00Z"),
            (4_107_542_400, "2100-03-01T00:00:00Z"),
        ] {
            assert_eq!(rfc3339(UNIX_EPOCH + Duration::from_secs(seconds)), text);
        }
    }
}
