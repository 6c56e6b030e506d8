//! Buyers.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use reqwest::{RequestBuilder, StatusCode, header::CONTENT_TYPE};
use tokio::{sync::Semaphore, task::JoinSet, time::sleep};

use crate::{delivery, page::Page, random::Random, world::World};

/// Maximum number of buyers at the same time.
const MAX_BUYERS: usize = 3000;

/// Pause of a buyer after an error, and between two looks at the page that confirms the order.
const PAUSE: Duration = Duration::from_secs(3);

/// Number of times that a buyer tries to reach a page.
const TRIES: u32 = 15;

/// Maximum time that a buyer waits for the order. Nobody would wait that long, but nothing must be lost either.
const PATIENCE: Duration = Duration::from_mins(6);

/// Sends buyers into the shop until the end, then waits for those that are still there.
pub(crate) async fn send(world: Arc<World>, per_second: u64, mut random: Random) {
    let places = Arc::new(Semaphore::new(MAX_BUYERS));
    let mut buyers = JoinSet::new();
    while world
        .sleep(random.millis(0, 2000 / per_second.max(1)))
        .await
    {
        let Ok(place) = Arc::clone(&places).try_acquire_owned() else {
            world
                .counts
                .buyers
                .add("turned away: too many buyers at once");
            continue;
        };
        let buyer = Buyer {
            world: Arc::clone(&world),
            random: random.fork(),
            cookie: None,
        };
        buyers.spawn(async move {
            buyer.visit().await;
            drop(place);
        });
        while buyers.try_join_next().is_some() {}
    }
    while buyers.join_next().await.is_some() {}
}

struct Buyer {
    world: Arc<World>,
    random: Random,
    cookie: Option<String>,
}

impl Buyer {
    async fn visit(mut self) {
        self.world.counts.buyers.add("came");
        let offer = match self.random.below(100) {
            0..50 => "starter",
            50..80 => "pro-monthly",
            _ => "team-yearly",
        };
        let Some(plans) = self.plans().await else {
            return;
        };
        let Some((session_id, hosted)) = self.check_out(&plans, offer).await else {
            return;
        };
        match self.random.below(100) {
            0..12 => self.abandon(&hosted).await,
            12..24 => self.pay_in_two_tabs(offer, &session_id, &hosted).await,
            _ => self.pay_and_return(&session_id, &hosted).await,
        }
    }

    /// Loads the page with the plans.
    async fn plans(&mut self) -> Option<Page> {
        let url = self.world.shop.clone();
        let page = self
            .load("plans page", StatusCode::OK, |world| world.client.get(&url))
            .await?;
        self.cookie = page.cookie.clone().or(self.cookie.take());
        Some(page)
    }

    /// Sends the form of an offer, again if the shop cannot sell right now. Returns the id of the session and the URL of the
    /// hosted page.
    async fn check_out(&mut self, plans: &Page, offer: &str) -> Option<(String, String)> {
        let Some((action, body)) = plans.form(offer) else {
            let failures = &self.world.counts.failures;
            failures.add("the plans page has no form for an offer");
            return None;
        };
        let url = format!("{}{action}", self.world.shop);
        for _ in 0..TRIES {
            let began = Instant::now();
            let page = self
                .load("checkout form", StatusCode::SEE_OTHER, |world| {
                    post(world, &url, &body)
                })
                .await?;
            let Some(location) = page.location else {
                let failures = &self.world.counts.failures;
                failures.add("a redirect after the checkout form has no target");
                return None;
            };
            if location.starts_with("http") {
                self.world.counts.buyers.add("were sent to the hosted page");
                let session_id = location.trim_end_matches('/').rsplit('/').next()?;
                return Some((session_id.to_owned(), location));
            }
            // Back to the page with the plans, which shows the message for this problem.
            let (_, query) = location.split_once('?').unwrap_or_default();
            let mut query = form_urlencoded::parse(query.as_bytes());
            let problem = query.find(|(name, _)| name == "kelviq_error");
            let problem = problem.map_or_else(String::new, |(_, problem)| problem.into_owned());
            if problem == "already_subscribed" {
                let buyers = &self.world.counts.buyers;
                buyers.add("were refused: they have the plan already");
                return None;
            }
            self.add_error(began, format!("checkout form: message {problem}"));
            sleep(PAUSE).await;
        }
        self.world.counts.buyers.add("gave up: checkout form");
        None
    }

    async fn abandon(&mut self, hosted: &str) {
        self.world.counts.buyers.add("abandoned the hosted page");
        if self.random.percent(50) {
            return;
        }
        let url = format!("{hosted}cancel");
        let page = self
            .load("hosted page", StatusCode::SEE_OTHER, |world| {
                post(world, &url, "")
            })
            .await;
        let Some(back) = page.and_then(|page| page.location) else {
            return;
        };
        self.load("page after cancelling", StatusCode::OK, |world| {
            world.client.get(&back)
        })
        .await;
    }

    /// Buys the same again in a second tab, and pays in both.
    async fn pay_in_two_tabs(&mut self, offer: &str, session_id: &str, hosted: &str) {
        self.world.counts.buyers.add("paid in two tabs");
        sleep(self.random.millis(0, 8000)).await;
        let second = match self.plans().await {
            Some(plans) => self.check_out(&plans, offer).await,
            None => None,
        };
        self.pay_and_return(session_id, hosted).await;
        if let Some((session_id, hosted)) = second {
            self.pay_and_return(&session_id, &hosted).await;
        }
    }

    async fn pay_and_return(&mut self, session_id: &str, hosted: &str) {
        let open = self
            .load("hosted page", StatusCode::OK, |world| {
                world.client.get(hosted)
            })
            .await;
        if open.is_none() {
            return;
        }
        sleep(self.random.millis(200, 3000)).await;
        let url = format!("{hosted}pay");
        let paid = self
            .load("hosted page", StatusCode::SEE_OTHER, |world| {
                post(world, &url, "email=buyer%40example.com")
            })
            .await;
        let Some(back) = paid.and_then(|page| page.location) else {
            return;
        };
        if self.world.remember_paid(session_id) {
            delivery::announce(&self.world, session_id, self.random.fork());
        }
        if self.random.percent(8) {
            self.world
                .counts
                .buyers
                .add("did not come back after paying");
            return;
        }
        self.wait_for_order(session_id, &back).await;
    }

    async fn wait_for_order(&mut self, session_id: &str, url: &str) {
        let began = Instant::now();
        while began.elapsed() < PATIENCE {
            let page = self
                .load("thank-you page", StatusCode::OK, |world| {
                    world.client.get(url)
                })
                .await;
            let Some(page) = page else { break };
            if page.html.contains("Your payment is confirmed") {
                self.world.counts.buyers.add("saw the order");
                self.world.record_confirmed(session_id);
                return;
            }
            if page.html.contains("needs a second look") {
                self.world.counts.buyers.add("saw an order to review");
                return;
            }
            self.world
                .counts
                .buyers
                .add("looks at a page that waits for the order");
            sleep(PAUSE).await;
        }
        self.world.counts.buyers.add("did not see the order");
    }

    /// Loads a page, again after errors. Each response with another status than `expected` is counted as an error.
    async fn load(
        &self,
        step: &str,
        expected: StatusCode,
        request: impl Fn(&World) -> RequestBuilder,
    ) -> Option<Page> {
        for _ in 0..TRIES {
            let began = Instant::now();
            let page = Page::load(request(&self.world), self.cookie.as_deref()).await;
            let error = match page {
                Ok(page) if page.status == expected => return Some(page),
                // The hosted page of a session that was paid in the other tab.
                Ok(page) if page.status == StatusCode::GONE => {
                    self.world
                        .counts
                        .buyers
                        .add("found the session already paid");
                    return None;
                }
                Ok(page) => {
                    let (status, title) = (page.status.as_u16(), page.title());
                    let log = &self.world.log;
                    log.note(&format!("a buyer got {status} for the {step}: {title}"));
                    status.to_string()
                }
                Err(error) => error.to_owned(),
            };
            self.add_error(began, format!("{step}: {error}"));
            sleep(PAUSE).await;
        }
        self.world.counts.buyers.add(format!("gave up: {step}"));
        None
    }

    /// Counts an error of a request that began at this time.
    fn add_error(&self, began: Instant, error: String) {
        let down = self.world.outages.since(began);
        self.world.counts.errors.add_during(down, error);
    }
}

fn post(world: &World, url: &str, body: &str) -> RequestBuilder {
    let request = world.client.post(url).body(body.to_owned());
    request.header(CONTENT_TYPE, "application/x-www-form-urlencoded")
}
