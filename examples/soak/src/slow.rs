//! Clients that send their request slowly, or do not read the response.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    task::JoinSet,
    time::sleep,
};

use crate::{
    random::Random,
    world::{WEBHOOKS, World},
};

/// Keeps this number of slow clients connected until the end.
pub(crate) async fn connect(world: Arc<World>, clients: usize, mut random: Random) {
    let mut tasks = JoinSet::new();
    for _ in 0..clients {
        tasks.spawn(client(Arc::clone(&world), random.fork()));
    }
    while tasks.join_next().await.is_some() {}
}

async fn client(world: Arc<World>, mut random: Random) {
    // Not all at the same time.
    world.sleep(random.millis(0, 20_000)).await;
    while !world.is_over() {
        let until = (Instant::now() + random.millis(10_000, 60_000)).min(world.end);
        let host = world.shop.trim_start_matches("http://");
        let Ok(connection) = TcpStream::connect(host).await else {
            let down = world.outages.since(Instant::now());
            world.counts.slow.add_during(down, "no connection");
            world.sleep(Duration::from_secs(2)).await;
            continue;
        };
        let result = match random.below(5) {
            0 => {
                let request =
                    format!("GET / HTTP/1.1\r\nhost: {host}\r\naccept: text/html\r\n\r\n");
                trickle(connection, &request, 0, until).await
            }
            kind @ (1 | 2) => {
                let (path, content_type, length) = match kind {
                    1 => (WEBHOOKS, "application/json", 100_000),
                    _ => (
                        "/api/kelviq/checkout",
                        "application/x-www-form-urlencoded",
                        10_000,
                    ),
                };
                let head = head(path, host, content_type, length);
                let request = head.clone() + &"x".repeat(1000);
                trickle(connection, &request, head.len(), until).await
            }
            3 => read_nothing(connection, host, until).await,
            // Sends nothing at all.
            _ => trickle(connection, "", 0, until).await,
        };
        world.counts.slow.add(result);
    }
}

fn head(path: &str, host: &str, content_type: &str, length: usize) -> String {
    format!(
        "POST {path} HTTP/1.1\r\nhost: {host}\r\ncontent-type: {content_type}\r\ncontent-length: {length}\r\n\r\n"
    )
}

/// Sends the first bytes at once, and the others one by one.
async fn trickle(
    mut connection: TcpStream,
    request: &str,
    at_once: usize,
    until: Instant,
) -> &'static str {
    let (first, rest) = request.as_bytes().split_at(at_once);
    if connection.write_all(first).await.is_err() {
        return "closed by the storefront";
    }
    let mut rest = rest.iter();
    let mut response = [0; 1024];
    while Instant::now() < until {
        tokio::select! {
            read = connection.read(&mut response) => match read {
                Ok(0) | Err(_) => return "closed by the storefront",
                Ok(_) => return "got a response",
            },
            () = sleep(Duration::from_millis(400)) => {}
        }
        if let Some(byte) = rest.next()
            && connection.write_all(&[*byte]).await.is_err()
        {
            return "closed by the storefront";
        }
    }
    "went away"
}

/// Requests a page repeatedly on one connection, and reads nothing.
async fn read_nothing(mut connection: TcpStream, host: &str, until: Instant) -> &'static str {
    let request = format!("GET / HTTP/1.1\r\nhost: {host}\r\naccept: text/html\r\n\r\n");
    // More pages than fit into the buffers of the connection.
    for _ in 0..200 {
        let sent = tokio::time::timeout_at(until.into(), connection.write_all(request.as_bytes()));
        match sent.await {
            Ok(Ok(())) => {}
            Ok(Err(_)) => return "closed by the storefront",
            Err(_) => return "went away without reading",
        }
    }
    tokio::time::sleep_until(until.into()).await;
    "went away without reading"
}
