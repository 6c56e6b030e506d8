//! An application with a page of every component and a fake Kelviq, and the requests of its visitors.

use std::{
    io::{self, Write},
    sync::{Arc, LazyLock, Mutex},
};

use axum::{
    Router,
    body::Body,
    extract::FromRequestParts,
    http::{HeaderMap, Request, StatusCode, header, request::Parts},
    response::{IntoResponse, Redirect, Response},
    routing::{get, post},
};
use http_body_util::BodyExt;
use kelviq_axum::{
    Buyer, Offer, Offers, Reference, ResponseFormat, Sale, Shop, SignIn, fake::FakeKelviq,
};
use kelviq_core::{ChargePeriod, CheckoutMetadata, CustomerProfile, ToMetadata};
use kelviq_leptos::{
    BuyerRedirect, CheckoutButton, CheckoutError, CheckoutForm, CheckoutLayer, CheckoutProblem,
    PortalButton, QuantityInput,
};
use leptos::prelude::*;
use leptos_axum::{
    handle_server_fns, render_app_async, render_app_to_stream, render_app_to_stream_in_order,
};
use tower::ServiceExt;
use tracing::subscriber::DefaultGuard;

/// The rendering modes of a server.
pub(crate) const MODES: [&str; 3] = ["async", "in-order", "out-of-order"];

pub(crate) const CHECKOUT: &str = "/api/kelviq/checkout";
pub(crate) const PORTAL: &str = "/api/kelviq/portal";
pub(crate) const SEATS: &str = "/api/sell_seats";

/// A signed-in user. The tests use a header instead of a session.
pub(crate) struct User {
    id: String,
}

impl<S: Send + Sync> FromRequestParts<S> for User {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        match parts.headers.get("x-user").map(|id| id.to_str().unwrap()) {
            Some("banned") => Err(StatusCode::FORBIDDEN.into_response()),
            Some("broken") => Err(StatusCode::INTERNAL_SERVER_ERROR.into_response()),
            Some("expired") => Err(match ResponseFormat::of(parts) {
                ResponseFormat::Json => StatusCode::UNAUTHORIZED.into_response(),
                _ => Redirect::to("/expired").into_response(),
            }),
            Some(id) => Ok(Self { id: id.to_owned() }),
            None => Err(SignIn::at("/sign-in", parts).into_response()),
        }
    }
}

#[derive(CheckoutMetadata)]
struct OrderMetadata<'a> {
    order_ref: &'a str,
    note: Option<&'a str>,
}

impl Buyer for User {
    fn customer(&self) -> Option<CustomerProfile> {
        Some(CustomerProfile::new(&self.id))
    }

    async fn metadata(&self, sale: &Sale<'_>) -> axum::response::Result<impl ToMetadata> {
        let note = sale.field("note");
        match note {
            Some("sold out") => return Err((StatusCode::CONFLICT, "sold out").into()),
            Some("busy") => return Err(StatusCode::TOO_MANY_REQUESTS.into()),
            Some("database") => return Err(StatusCode::INTERNAL_SERVER_ERROR.into()),
            Some("waiting list") => return Err(Redirect::to("/waiting-list").into()),
            Some("panic") => panic!("the panic of the test"),
            _ => {}
        }
        Ok(OrderMetadata {
            order_ref: sale.reference().as_str(),
            note,
        })
    }
}

/// Redirects to the sign-in page for 0 seats, and rejects 5999. Sells `club` for 4444, and `team` for 4445, but not to
/// subscribers of `club`. Creates a session and fails for 6666, and creates two
/// sessions for more than 6000.
#[server(endpoint = "sell_seats")]
pub(crate) async fn buy_seats(seats: u32) -> Result<BuyerRedirect, CheckoutError> {
    let checkout = kelviq_leptos::checkout().await?;
    if seats == 0 {
        return checkout.sign_in_at("/sign-in");
    }
    if seats == 5999 {
        return Err(CheckoutProblem::InvalidQuantity.into());
    }
    if seats == 4444 {
        let club = checkout.plan("club", ChargePeriod::Monthly);
        let ada = CustomerProfile::new("cust_1").email("ada@b.example");
        return club.customer(ada).refuse_subscribers().redirect().await;
    }
    if seats == 4445 {
        let team = checkout.plan("team", ChargePeriod::Monthly);
        let team = team.customer("cust_1").refuse_subscribers_of(["club"]);
        return team.redirect().await;
    }
    if seats > 6000 {
        let _ = checkout
            .plan("pro", ChargePeriod::Monthly)
            .redirect()
            .await?;
        if seats == 6666 {
            return Err(CheckoutProblem::Internal.into());
        }
        let checkout = kelviq_leptos::checkout().await?;
        return checkout.plan("team", ChargePeriod::Yearly).redirect().await;
    }
    checkout
        .plan("team", ChargePeriod::Yearly)
        .customer("cust_1")
        .quantity("seats", seats)
        .with(|plan| plan.discount_code("LAUNCH"))
        .success_path("/thanks")
        .redirect()
        .await
}

#[component]
fn Plans() -> impl IntoView {
    let buy_seats = ServerAction::<BuySeats>::new();
    view! {
        <CheckoutButton offer="pro">"Go Pro"</CheckoutButton>
        <CheckoutButton
            offer="team"
            inputs=|| view! { <QuantityInput feature="seats" allowed=1..=50 value=5/> }
        >
            "Buy Team"
        </CheckoutButton>
        <CheckoutForm action=buy_seats name="seats">
            <input name="seats" value="3"/>
            <button>"Buy seats"</button>
        </CheckoutForm>
        <PortalButton>"Manage billing"</PortalButton>
    }
}

/// Initializes the executor of Leptos. Once, because no page of the process loads resources while routes are generated.
static EXECUTOR: LazyLock<()> = LazyLock::new(|| {
    let _ = leptos_axum::generate_route_list(|| ());
});

pub(crate) struct Store {
    pub(crate) kelviq: FakeKelviq,
    pub(crate) shop: Shop,
    pub(crate) router: Router,
}

impl Store {
    pub(crate) async fn open() -> Self {
        Self::with_layer(|router, offers| router.layer(CheckoutLayer::new(offers))).await
    }

    /// Also serves a page in each of the [`MODES`], at `/{mode}`.
    pub(crate) async fn in_each_mode<V: IntoView + 'static>(
        page: impl Fn() -> V + Clone + Send + Sync + 'static,
    ) -> Self {
        Self::with_layer(|router, offers| {
            router
                .route("/async", get(render_app_async(page.clone())))
                .route(
                    "/in-order",
                    get(render_app_to_stream_in_order(page.clone())),
                )
                .route("/out-of-order", get(render_app_to_stream(page)))
                .layer(CheckoutLayer::new(offers))
        })
        .await
    }

    pub(crate) async fn with_layer(layer: impl FnOnce(Router, Offers<User>) -> Router) -> Self {
        Self::with_shop(|shop| shop, layer).await
    }

    pub(crate) async fn with_shop(
        settings: impl FnOnce(Shop) -> Shop,
        layer: impl FnOnce(Router, Offers<User>) -> Router,
    ) -> Self {
        Self::at("https://app.example.com", settings, layer).await
    }

    pub(crate) async fn at(
        public_url: &str,
        settings: impl FnOnce(Shop) -> Shop,
        layer: impl FnOnce(Router, Offers<User>) -> Router,
    ) -> Self {
        let kelviq = FakeKelviq::start().await;
        let shop = Shop::new(kelviq.client(), public_url).unwrap();
        let shop = settings(shop);
        let offers = Offers::builder(shop.clone())
            .offer(
                "pro",
                Offer::plan("pro", ChargePeriod::Monthly)
                    .field("note")
                    .discount_code("LAUNCH"),
            )
            .offer(
                "team",
                Offer::plan("team", ChargePeriod::Yearly).quantity("seats", 1..=50),
            )
            .offer(
                "storage",
                Offer::plan("storage", ChargePeriod::Monthly)
                    .quantity("10gb", 1..=9)
                    .quantity("4294967295", 1..=9),
            )
            .offer(
                "club",
                Offer::plan("club", ChargePeriod::Monthly).refuse_subscribers(),
            )
            .success_path("/thanks")
            .sold_to::<User>()
            .build()
            .unwrap();
        LazyLock::force(&EXECUTOR);
        let router = Router::new()
            .route("/plans", get(render_app_async(|| view! { <Plans/> })))
            .route(
                "/subscribe",
                post((
                    StatusCode::CREATED,
                    [(header::LOCATION, "https://evil.example")],
                    "Thank you for subscribing",
                )),
            )
            .route("/api/{*server_fn}", post(handle_server_fns));
        let router = layer(router, offers);
        Self {
            kelviq,
            shop,
            router,
        }
    }

    pub(crate) async fn send(&self, request: Request<Body>) -> TestResponse {
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let body = body.collect().await.unwrap().to_bytes();
        TestResponse {
            status: parts.status,
            headers: parts.headers,
            // Without hydration markers, which are not visible.
            body: String::from_utf8(body.to_vec()).unwrap().replace("<!>", ""),
        }
    }

    pub(crate) async fn page(&self, address: &str) -> String {
        let request = Request::get(address).header(header::HOST, "app.example.com");
        let response = self.send(request.body(Body::empty()).unwrap()).await;
        assert_eq!(response.status, StatusCode::OK);
        response.body
    }
}

#[derive(Debug)]
pub(crate) struct TestResponse {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: String,
}

impl TestResponse {
    #[track_caller]
    pub(crate) fn header(&self, name: &str) -> &str {
        let value = self.headers.get(name);
        value.map_or("", |value| value.to_str().unwrap())
    }

    #[track_caller]
    pub(crate) fn location(&self) -> &str {
        assert_eq!(self.status, StatusCode::SEE_OTHER, "{self:?}");
        assert_eq!(self.header("cache-control"), "no-store");
        self.header("location")
    }

    /// Returns the URL of the page that shows the error of a form, without the reference, and the reference.
    #[track_caller]
    pub(crate) fn error_page(&self) -> (&str, &str) {
        let parts = self.location().split_once("&kelviq_reference=");
        let (page, reference) = parts.unwrap_or_else(|| panic!("no reference: {self:?}"));
        assert!(is_reference(reference), "{reference}");
        (page, reference)
    }

    /// Returns the code and the reference of an error that a script receives.
    #[track_caller]
    pub(crate) fn error(&self) -> (&str, &str) {
        let (code, reference) = self.body.split_once(' ').unwrap();
        assert!(is_reference(reference), "{self:?}");
        (code, reference)
    }
}

fn is_reference(text: &str) -> bool {
    text.parse::<Reference>().is_ok()
}

/// The request of a form without JavaScript, by a signed-in user.
pub(crate) fn form(address: &str, fields: &str) -> Request<Body> {
    Request::post(address)
        .header(header::HOST, "app.example.com")
        .header(header::ACCEPT, "text/html,application/xhtml+xml,*/*;q=0.8")
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .header("sec-fetch-site", "same-origin")
        .header("x-user", "cust_1")
        .body(Body::from(fields.to_owned()))
        .unwrap()
}

/// The request of a script.
pub(crate) fn script(path: &str, fields: &str) -> Request<Body> {
    with(form(path, fields), "accept", "application/json")
}

pub(crate) fn with(mut request: Request<Body>, name: &'static str, value: &str) -> Request<Body> {
    request.headers_mut().insert(name, value.parse().unwrap());
    request
}

pub(crate) fn without(mut request: Request<Body>, name: &str) -> Request<Body> {
    request.headers_mut().remove(name);
    request
}

/// Returns the URL that the form posts to.
pub(crate) fn action(page: &str, name: &str) -> String {
    let mark = format!("kelviq_form={name}&amp;");
    let actions = page.split(r#"action=""#).skip(1);
    let mut actions = actions.filter_map(|rest| rest.split('"').next());
    let action = actions
        .find(|action| action.contains(&mark))
        .unwrap_or_else(|| panic!("no form {name} in {page}"));
    action.replace("&amp;", "&")
}

/// Returns the HTML of the form.
pub(crate) fn form_html<'a>(page: &'a str, name: &str) -> &'a str {
    let mark = format!("kelviq_form={name}&amp;");
    let mut forms = page.split("<form").skip(1);
    let form = forms.find(|form| form.contains(&mark)).unwrap();
    form.split("</form>").next().unwrap()
}

/// The log of the current thread.
#[derive(Clone, Default)]
pub(crate) struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Log {
    /// Records the log until the guard is dropped.
    pub(crate) fn record() -> (Self, DefaultGuard) {
        let log = Self::default();
        let writer = log.clone();
        let subscriber = tracing_subscriber::fmt()
            .with_writer(move || writer.clone())
            .with_ansi(false)
            .finish();
        (log, tracing::subscriber::set_default(subscriber))
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
    }

    /// Returns whether a line contains both texts.
    pub(crate) fn has_line(&self, text: &str, other: &str) -> bool {
        let log = self.text();
        let mut lines = log.lines();
        lines.any(|line| line.contains(text) && line.contains(other))
    }
}
