//! Two clicks share a session exactly if they are for the same purchase. Metadata does not count, because it often names what is
//! new in each click, such as an order.

use std::{
    convert::Infallible,
    hash::Hash,
    sync::atomic::{AtomicU32, Ordering},
};

use axum::{
    Extension, Router,
    body::Body,
    extract::FromRequestParts,
    http::{HeaderName, Request, StatusCode, request::Parts},
    response::Result as BuyerResult,
    routing::post,
};
use futures_util::future::join;
use kelviq_axum::{
    Buyer, Checkout, CheckoutRedirect, Offer, Offers, Rejection, Sale, Shop,
    kelviq_core::{ChargePeriod, CustomAmount, CustomerProfile, Metadata, TaxBehavior, ToMetadata},
    routes,
};
use proptest::{
    option,
    prelude::{Strategy, any},
    sample::select,
};
use serde_json::json;
use tokio::runtime::{Builder, Runtime};

use super::support::check;
use crate::support::{form, send, stub::Answer, stub::StubKelviq, with};

/// A purchase, and what differs between two clicks for it.
#[derive(Clone, Debug, PartialEq)]
struct Purchase {
    path: String,
    plan: String,
    period: ChargePeriod,
    feature: String,
    quantity: u32,
    customer: String,
    lock_email: Option<bool>,
    success: String,
    cancel: Option<String>,
    discount_code: Option<String>,
    country: Option<&'static str>,
    amount: Option<&'static str>,
    trial: Option<u32>,
    refused: Option<Vec<String>>,
    key: Option<String>,
}

/// The number of fields of a [`Purchase`].
const FIELDS: usize = 15;

impl Purchase {
    /// Replaces one field by that of another purchase.
    fn with_field_of(mut self, field: usize, other: Self) -> Self {
        match field {
            0 => self.path = other.path,
            1 => self.plan = other.plan,
            2 => self.period = other.period,
            3 => self.feature = other.feature,
            4 => self.quantity = other.quantity,
            5 => self.customer = other.customer,
            6 => self.lock_email = other.lock_email,
            7 => self.success = other.success,
            8 => self.cancel = other.cancel,
            9 => self.discount_code = other.discount_code,
            10 => self.country = other.country,
            11 => self.amount = other.amount,
            12 => self.trial = other.trial,
            13 => self.refused = other.refused,
            _ => self.key = other.key,
        }
        self
    }
}

/// Short texts of few characters, so that two are often equal, or equal when they are joined with others.
fn text() -> impl Strategy<Value = String> {
    "[ab_-]{1,3}"
}

fn purchase() -> impl Strategy<Value = Purchase> {
    let periods = [
        ChargePeriod::Monthly,
        ChargePeriod::Yearly,
        ChargePeriod::OneTime,
    ];
    let item = (
        select(&["/buy", "/gift"][..]),
        text(),
        select(periods.to_vec()),
    );
    let customer = (text(), option::of(any::<bool>()), option::of(text()));
    let urls = (text(), option::of(text()));
    let prices = (
        option::of(text()),
        option::of(select(&["DE", "NL"][..])),
        option::of(select(&["1.00", "10.00"][..])),
        option::of(1..4_u32),
    );
    let refused = option::of(proptest::collection::vec(text(), 1..3));
    let rest = (text(), 1..4_u32, refused);
    (item, customer, urls, prices, rest).prop_map(
        |(
            (path, plan, period),
            (customer, lock_email, key),
            (success, cancel),
            (discount_code, country, amount, trial),
            (feature, quantity, refused),
        )| Purchase {
            path: path.to_owned(),
            plan,
            period,
            feature,
            quantity,
            customer,
            lock_email,
            success: format!("/{success}"),
            cancel: cancel.map(|path| format!("/{path}")),
            discount_code,
            country,
            amount,
            trial,
            refused,
            key,
        },
    )
}

async fn buy(
    Extension(purchase): Extension<Purchase>,
    checkout: Checkout,
) -> Result<CheckoutRedirect, Rejection> {
    let reference = checkout.reference().clone();
    let metadata = json!({ "reference": reference }).to_string();
    let mut plan = checkout
        .plan(purchase.plan, purchase.period)
        .customer(purchase.customer)
        .quantity(purchase.feature, purchase.quantity)
        .success_path(purchase.success)
        .metadata(Metadata::from_json(metadata).unwrap());
    if let Some(lock_email) = purchase.lock_email {
        plan = plan.lock_email(lock_email);
    }
    if let Some(path) = purchase.cancel {
        plan = plan.cancel_path(path);
    }
    if let Some(code) = purchase.discount_code {
        plan = plan.with(|plan| plan.discount_code(code));
    }
    if let Some(country) = purchase.country {
        plan = plan.with(|plan| plan.default_billing_country(country));
    }
    if let Some(amount) = purchase.amount {
        let amount = amount.parse().unwrap();
        let amount = CustomAmount::new(amount, "EUR", TaxBehavior::Inclusive);
        plan = plan.with(|plan| plan.custom_amount(amount));
    }
    if let Some(days) = purchase.trial {
        plan = plan.with(|plan| plan.trial_period(days));
    }
    if let Some(plans) = purchase.refused {
        plan = plan.refuse_subscribers_of(plans);
    }
    if let Some(key) = purchase.key {
        plan = plan.purchase_key(key);
    }
    plan.redirect().await
}

/// Creates a shop that gets the buyer's address from a header.
fn shop(kelviq: &StubKelviq) -> Shop {
    let header = HeaderName::from_static("x-real-ip");
    kelviq.shop().trust_client_ip_header(header)
}

/// Returns a runtime with one thread: the stub numbers the sessions of concurrent requests only then.
fn runtime() -> Runtime {
    Builder::new_current_thread().enable_all().build().unwrap()
}

/// Sends a click from another address than the previous ones, and returns the page of its session.
async fn click<T: Clone + Send + Sync + 'static>(
    app: &Router,
    request: Request<Body>,
    extension: T,
) -> String {
    static CLICKS: AtomicU32 = AtomicU32::new(0x0800_0000);
    let address = CLICKS.fetch_add(1, Ordering::Relaxed);
    let address = std::net::Ipv4Addr::from(address).to_string();
    let mut request = with(request, "x-real-ip", &address);
    request.extensions_mut().insert(extension);
    let response = send(app, request).await;
    assert_eq!(response.status, StatusCode::SEE_OTHER, "{}", response.body);
    response.header("location").to_owned()
}

#[test]
fn clicks_on_handlers_share_a_session_exactly_if_the_purchase_is_the_same() {
    let runtime = runtime();
    let kelviq = runtime.block_on(StubKelviq::start(|_, _| Answer::Default));
    check(
        400,
        &(purchase(), purchase(), 0..FIELDS),
        |(first, other, field)| {
            let second = first.clone().with_field_of(field, other);
            let is_same = first == second;
            // A shop of its own has no sessions yet.
            let app = Router::new()
                .route("/buy", post(buy))
                .route("/gift", post(buy))
                .with_state(shop(&kelviq));
            let click =
                |purchase: &Purchase| click(&app, form(&purchase.path, ""), purchase.clone());
            let before = kelviq.requests("POST /checkout/").len();
            let (one, two) = runtime.block_on(join(click(&first), click(&second)));
            assert_eq!(one == two, is_same, "{one} {two}");
            assert_eq!(runtime.block_on(click(&first)), one);
            let sessions = kelviq.requests("POST /checkout/").len() - before;
            assert_eq!(sessions, if is_same { 1 } else { 2 });
            is_same
        },
    );
}

/// A buyer, whose click has an offer and a form as well.
#[derive(Clone, Debug, PartialEq)]
struct Member {
    offer: &'static str,
    customer: String,
    workspace: String,
    lock_email: Option<bool>,
    seats: u32,
    note: Option<String>,
    gift: Option<String>,
}

impl<S: Sync> FromRequestParts<S> for Member {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(parts.extensions.get::<Self>().unwrap().clone())
    }
}

impl Buyer for Member {
    fn customer(&self) -> Option<CustomerProfile> {
        Some(CustomerProfile::new(&self.customer))
    }

    fn lock_email(&self) -> Option<bool> {
        self.lock_email
    }

    fn purchase_key(&self) -> impl Hash {
        &self.workspace
    }

    async fn metadata(&self, sale: &Sale<'_>) -> BuyerResult<impl ToMetadata> {
        let metadata = json!({ "reference": sale.reference() }).to_string();
        Ok(Metadata::from_json(metadata).unwrap())
    }
}

impl Member {
    fn with_field_of(mut self, field: usize, other: Self) -> Self {
        match field {
            0 => self.offer = other.offer,
            1 => self.customer = other.customer,
            2 => self.workspace = other.workspace,
            3 => self.lock_email = other.lock_email,
            4 => self.seats = other.seats,
            // A text that moves to another field, if there is one.
            5 => std::mem::swap(&mut self.note, &mut self.gift),
            6 => self.note = other.note,
            _ => self.gift = other.gift,
        }
        self
    }

    fn request(&self) -> Request<Body> {
        let mut fields = form_urlencoded::Serializer::new(String::new());
        fields.append_pair("quantity[seats]", &self.seats.to_string());
        for (name, text) in [("note", &self.note), ("gift", &self.gift)] {
            if let Some(text) = text {
                fields.append_pair(name, text);
            }
        }
        form(&format!("/{}", self.offer), &fields.finish())
    }
}

fn member() -> impl Strategy<Value = Member> {
    let offers = select(&["team", "same-plan", "other-plan"][..]);
    let texts = (option::of(text()), option::of(text()));
    let buyer = (text(), text(), option::of(any::<bool>()));
    (offers, buyer, 1..4_u32, texts).prop_map(
        |(offer, (customer, workspace, lock_email), seats, (note, gift))| Member {
            offer,
            customer,
            workspace,
            lock_email,
            seats,
            note,
            gift,
        },
    )
}

#[test]
fn clicks_on_offers_share_a_session_exactly_if_the_purchase_is_the_same() {
    let runtime = runtime();
    let kelviq = runtime.block_on(StubKelviq::start(|_, _| Answer::Default));
    check(
        400,
        &(member(), member(), 0..8_usize),
        |(first, other, field)| {
            let second = first.clone().with_field_of(field, other);
            let is_same = first == second;
            let offer = |plan| {
                let offer = Offer::plan(plan, ChargePeriod::Yearly).quantity("seats", 1..=3);
                offer.field("note").field("gift")
            };
            let offers = Offers::builder(shop(&kelviq))
                .offer("team", offer("team"))
                .offer("same-plan", offer("team"))
                .offer("other-plan", offer("other"))
                .sold_to::<Member>();
            let app = routes(offers.build().unwrap());
            let click = |member: &Member| click(&app, member.request(), member.clone());
            let before = kelviq.requests("POST /checkout/").len();
            let (one, two) = runtime.block_on(join(click(&first), click(&second)));
            assert_eq!(one == two, is_same, "{one} {two}");
            assert_eq!(runtime.block_on(click(&first)), one);
            let sessions = kelviq.requests("POST /checkout/").len() - before;
            assert_eq!(sessions, if is_same { 1 } else { 2 });
            is_same
        },
    );
}
