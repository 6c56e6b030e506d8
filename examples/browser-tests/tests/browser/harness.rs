//! Tests of the test support itself: the browser, its settings, and the helpers behave as the other tests assume.

use axum::{
    Router,
    http::{StatusCode, header::CONTENT_SECURITY_POLICY},
    response::Html,
    routing::get,
};
use fantoccini::key::Key;

use crate::support::{
    accessibility::LiveRegion, browser::Browser, engine::Engine, page::Focused, server::Server,
    settings::Settings, suite::Suite, target::button,
};

pub(crate) fn tests(suite: &mut Suite) {
    let desktop = Settings::default();
    let phone = Settings::default().phone().dark();
    suite.test_with_and_without_javascript(
        "harness::scripts_run_or_not",
        &desktop,
        scripts_run_or_not,
    );
    suite.test_with_and_without_javascript("harness::focus_on_load", &desktop, focus_on_load);
    suite.test_with_and_without_javascript(
        "harness::keyboard_alone_is_enough",
        &desktop.clone().except(
            Engine::WebKit,
            "the driver sometimes loses key combinations",
        ),
        keyboard_alone_is_enough,
    );
    suite.test_with_and_without_javascript("harness::live_regions", &desktop, live_regions);
    suite.test_with_and_without_javascript("harness::a_dark_phone", &phone, a_dark_phone);
    suite.test(
        "harness::blocked_scripts_are_reported",
        desktop
            .clone()
            .except(Engine::WebKit, "the driver does not report the console"),
        blocked_scripts_are_reported,
    );
    suite.test(
        "harness::back_keeps_the_page",
        desktop.clone(),
        async |browser: &Browser| {
            assert!(back_restores_page(browser).await);
        },
    );
    suite.test(
        "harness::back_reloads_the_page",
        desktop.clone().without_back_forward_cache(),
        async |browser: &Browser| assert!(!back_restores_page(browser).await),
    );
    suite.test(
        "harness::a_page_is_readable_while_its_form_is_pending",
        desktop.without_waiting_for_pages().except(
            Engine::WebKit,
            "in MiniBrowser, a page cannot read the window that it has opened",
        ),
        a_page_is_readable_while_its_form_is_pending,
    );
}

/// Starts a server with one page at `/`, and a target for its forms and links.
async fn serve_page(page: &'static str) -> Server {
    let policy = [(CONTENT_SECURITY_POLICY, "script-src 'self' 'nonce-good'")];
    Server::start(async |_: &str| {
        Router::new()
            .route("/", get((policy, Html(page))))
            // Browsers request it, and log an error if it is missing.
            .route("/favicon.ico", get(StatusCode::NO_CONTENT))
            .route(
                "/there",
                get(Html("<!doctype html><title>There</title><h1>There</h1>")),
            )
    })
    .await
}

async fn scripts_run_or_not(browser: &Browser) {
    let server = serve_page(
        "<!doctype html><title>Page</title><p>no script</p><noscript><i>none</i></noscript>\
         <script nonce=good>document.querySelector('p').textContent = 'script'</script>",
    )
    .await;
    browser.goto(&server.url("/")).await;
    let javascript = browser.settings.javascript;
    let expected = if javascript { "script" } else { "no script" };
    assert_eq!(browser.text("p").await, expected);
    assert_eq!(
        browser.texts("noscript i").await.len(),
        usize::from(!javascript)
    );
    assert_eq!(browser.title().await, "Page");
    browser.assert_no_console_errors().await;
}

async fn focus_on_load(browser: &Browser) {
    let server = serve_page(
        "<!doctype html><title>Page</title><a href=/there>first</a>\
         <p id=problem role=alert tabindex=-1 autofocus>Nothing was charged</p><a href=/there>next</a>",
    )
    .await;
    browser.goto(&server.url("/there")).await;
    assert_eq!(browser.active_element().await.tag, "body");

    browser.goto(&server.url("/")).await;
    browser.wait_for_focus("#problem").await;
    let problem = Focused {
        tag: "p".into(),
        id: Some("problem".into()),
        text: "Nothing was charged".into(),
    };
    assert_eq!(browser.active_element().await, problem);

    browser.press(Key::Tab).await;
    assert_eq!(browser.active_element().await.text, "next");
    browser
        .press_together(&[Key::Shift.into(), Key::Tab.into()])
        .await;
    assert_eq!(browser.active_element().await.text, "first");
}

async fn keyboard_alone_is_enough(browser: &Browser) {
    let server = serve_page(
        "<!doctype html><title>Page</title><form action=/there><input name=a value=old><button>Go</button></form>",
    )
    .await;
    for key in [Key::Enter, Key::Space] {
        browser.goto(&server.url("/")).await;
        browser.tab_to("input").await;
        browser.press_together(&[Key::Control.into(), 'a']).await;
        browser.type_text("new").await;
        browser.tab_to(button("Go")).await;
        browser.press(key).await;
        browser
            .wait_for_url_prefix(&server.url("/there?a=new"))
            .await;
    }
    browser.back().await;
    assert_eq!(
        browser.attribute("input", "name").await.as_deref(),
        Some("a")
    );
    browser.fill("input", "other").await;
    assert_eq!(browser.value("input").await, "other");
}

async fn live_regions(browser: &Browser) {
    let server = serve_page(
        "<!doctype html><title>Page</title><p id=why role=alert>No <b>seats</b></p><p role=status></p>\
         <button aria-describedby=why aria-busy=true aria-disabled=true>Buy</button>",
    )
    .await;
    browser.goto(&server.url("/")).await;
    let alert = LiveRegion {
        role: "alert".into(),
        live: "assertive".into(),
        text: "No seats".into(),
    };
    assert_eq!(browser.wait_for_live_region("seats").await, alert);
    assert_eq!(browser.live_regions().await, [alert]);

    let button = browser.accessible("button").await;
    assert_eq!(button.role, "button");
    assert_eq!(button.name, "Buy");
    assert_eq!(button.description, "No seats");
    assert!(button.is("disabled") && button.is("busy"), "{button:?}");
}

async fn a_dark_phone(browser: &Browser) {
    let server = serve_page(
        "<!doctype html><meta name=viewport content='width=device-width'><title>Page</title><style>\
         @media (prefers-color-scheme: dark) and (width: 360px) { p { color: rgb(1, 2, 3) } }</style><p>Text</p>",
    )
    .await;
    for _ in 0..2 {
        browser.goto(&server.url("/")).await;
        assert_eq!(browser.text_colour("p").await, "rgb(1, 2, 3)");
        browser.reload().await;
    }
}

async fn blocked_scripts_are_reported(browser: &Browser) {
    let server =
        serve_page("<!doctype html><title>Page</title><script>1</script><p>Text</p>").await;
    browser.goto(&server.url("/")).await;
    let errors = browser.console_errors().await;
    assert_eq!(errors.len(), 1, "{errors:?}");
    assert_eq!(errors[0].source, "security");
    assert!(errors[0].text.contains("script-src"), "{errors:?}");
    browser.assert_no_console_errors().await;
}

/// Whether Back restores the page with the state of its scripts.
async fn back_restores_page(browser: &Browser) -> bool {
    let server = serve_page("<!doctype html><title>Page</title><a href=/there>There</a>").await;
    browser.goto(&server.url("/")).await;
    browser.execute("window.visited = true").await;
    browser.click("a").await;
    browser.wait_for_text_in("h1", "There").await;
    browser.back().await;
    browser.wait_for_text_in("a", "There").await;
    browser.execute("return window.visited === true").await == true
}

async fn a_page_is_readable_while_its_form_is_pending(browser: &Browser) {
    let server = serve_page(
        "<!doctype html><title>Page</title><form action=/there><button>Go</button></form><p role=status></p>\
         <script nonce=good>document.forms[0].onsubmit = () => {\
           document.querySelector('button').ariaBusy = 'true';\
           document.querySelector('p').textContent = 'Going';\
         }</script>",
    )
    .await;
    let mut there = server.hold("/there");
    let page = browser
        .open_observed(&server.url("/"), &server.url("/"))
        .await;
    browser.click("button").await;
    there.wait_for_requests(1).await;

    assert_eq!(page.text("p").await, "Going");
    assert_eq!(
        page.attribute("button", "aria-busy").await.as_deref(),
        Some("true")
    );
    assert_eq!(page.active_element().await.tag, "button");
    assert_eq!(there.count(), 1);

    there.release();
    browser.wait_for_text_in("h1", "There").await;
}
