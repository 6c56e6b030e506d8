//! The section about checkouts.

use crate::{
    Result,
    checkout_purchases::{Buyer, Purchases},
    checkout_upstream::REQUESTS_PATH,
    costs, instructions,
    load::client,
    report::print_table,
    rounds::{Rounds, load, print_throughput},
    server::Server,
};

const REQUESTS: usize = 4_000;

const EXTRACTOR: (&str, &str) = ("checkout-extractor", "`Checkout` in a handler");
const EXTRACTOR_BY_HAND: (&str, &str) = ("checkout-extractor-by-hand", "hand-written handler");
const ROUTE: (&str, &str) = ("checkout-route", "`routes` with a `Buyer`");
const ROUTE_BY_HAND: (&str, &str) = ("checkout-route-by-hand", "hand-written route");

/// The purchases of the rows of a table, each at the workspace's server and then at the hand-written one.
type Row = (&'static str, [(&'static str, &'static str); 2], Buyer);

/// Prints the section.
pub(crate) async fn print() -> Result<()> {
    let upstream = Server::start("checkout-upstream", &[]).await?;
    println!(
        "`POST` of a form by a browser, until the redirect to the checkout page, beside hand-written handlers with axum, \
         serde and reqwest. Both send the same request with plan, quantity, success URL with a random reference, metadata \
         and customer id. Each server is a process of its own, and so is the upstream. Each purchase is that of another \
         buyer: two clicks of one customer would share a session. The hand-written handlers have neither that nor the \
         checks of origin and URLs.\n"
    );
    let rows = [
        (
            "a visitor",
            [EXTRACTOR, EXTRACTOR_BY_HAND],
            Buyer::Anonymous,
        ),
        ("a visitor", [ROUTE, ROUTE_BY_HAND], Buyer::Anonymous),
        ("a user", [EXTRACTOR, EXTRACTOR_BY_HAND], Buyer::User),
        ("a user", [ROUTE, ROUTE_BY_HAND], Buyer::User),
    ];
    println!("Per request, CPU of the server at 16 connections and user instructions at one:\n");
    print_ratios(&rows, &[&upstream.url("")]).await?;
    let pairs = [[EXTRACTOR, EXTRACTOR_BY_HAND], [ROUTE, ROUTE_BY_HAND]];
    let users = Purchases::new(Buyer::User);
    print_throughput(&pairs, &[&upstream.url("")], &users, REQUESTS).await?;
    print_requests(&upstream).await?;
    upstream.stop().await
}

async fn print_ratios(rows: &[Row], arguments: &[&str]) -> Result<()> {
    let mut cpu = Rounds::default();
    for (_, servers, buyer) in rows {
        for (name, _) in servers {
            cpu.add(name, arguments, Purchases::new(*buyer), 16, REQUESTS)
                .await?;
        }
    }
    let cpu = cpu.run().await?;
    let mut table = Vec::new();
    for (index, (title, servers, buyer)) in rows.iter().enumerate() {
        let mut counted = Vec::new();
        for (name, _) in servers {
            let sent = Purchases::new(*buyer);
            counted.push(instructions::count(name, arguments, &sent).await?);
        }
        let by_hand = (2 * index + 1, &counted[1]);
        for (position, (_, server)) in servers.iter().enumerate() {
            let title = format!("{server}, {title}");
            let this = (2 * index + position, &counted[position]);
            let limit = (position == 0).then_some(1.15);
            table.push(costs::row(&cpu, title, this, by_hand, limit));
        }
    }
    costs::print("server and buyer", table);
    Ok(())
}

/// Prints what the preparation of a sale costs.
async fn print_requests(upstream: &Server) -> Result<()> {
    println!(
        "With the buyer's profile, which is written at the customer's first purchase and again after 6 h, and with \
         `refuse_subscribers`:\n"
    );
    let url = upstream.url("");
    let (plain, refusing) = ([url.as_str()], [url.as_str(), "refuses"]);
    let rows = [
        ("id alone", Buyer::User, &plain[..]),
        ("with email address", Buyer::UserWithEmail, &plain),
        ("id alone, `refuse_subscribers`", Buyer::User, &refusing),
        (
            "with email address, `refuse_subscribers`",
            Buyer::UserWithEmail,
            &refusing,
        ),
    ];
    let mut cpu = Rounds::default();
    for (_, buyer, arguments) in rows {
        for (name, _) in [ROUTE, ROUTE_BY_HAND] {
            cpu.add(name, arguments, Purchases::new(buyer), 16, REQUESTS / 2)
                .await?;
        }
    }
    let cpu = cpu.run().await?;
    let mut table = Vec::new();
    for (index, (title, buyer, arguments)) in rows.into_iter().enumerate() {
        let sent = requests_per_purchase(upstream, arguments, buyer).await?;
        table.push([
            title.to_owned(),
            format!("{sent:.2}"),
            cpu.micros(2 * index).text(1),
            cpu.ratio(2 * index, 0).text(2),
            cpu.ratio(2 * index, 2 * index + 1).text(2),
        ]);
    }
    print_table(
        [
            "user of the route",
            "requests to Kelviq",
            "CPU, µs",
            "ratio to the id alone",
            "ratio to the same by hand",
        ],
        table,
    );
    Ok(())
}

async fn requests_per_purchase(upstream: &Server, arguments: &[&str], buyer: Buyer) -> Result<f64> {
    let client = client()?;
    let requests = async || -> Result<f64> {
        let response = client.get(upstream.url(REQUESTS_PATH)).send().await?;
        Ok(response.text().await?.parse()?)
    };
    let server = Server::start(ROUTE.0, arguments).await?;
    let before = requests().await?;
    load(&server, &Purchases::new(buyer), 16, REQUESTS).await?;
    let after = requests().await?;
    server.stop().await?;
    Ok((after - before) / REQUESTS as f64)
}
