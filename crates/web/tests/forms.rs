//! Forms: what is typed is recorded whole or comes back at its field, and who may not send one is refused.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod small;

use axum::body::Body;
use axum::http::{Request, StatusCode};
use small::browser::{Browser, between, form};
use small::{MARKUP, id};

fn incident<'a>(more: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let mut fields = vec![
        ("new-title", "Telephone note"),
        ("new-publisher", "LICADHO"),
        ("new-published", "2020-08-14"),
        ("new-text", "Two people called.\r\nOn 13 August 2020\r\nSar Kanika was arrested in the park."),
        ("title", "Arrests in the park"),
        ("date", "13 August 2020"),
        ("area", "KH-12"),
        ("place", "The park"),
        ("type", "arrest"),
        ("victim", "Sar Kanika"),
        ("group", "human-rights-defender"),
        ("words", "Sar Kanika was arrested in the park."),
        ("words-date", "On 13 August 2020 Sar Kanika"),
        ("clearance", "public"),
    ];
    for (name, value) in more {
        fields.retain(|(known, _)| known != name);
        fields.push((name, value));
    }
    fields
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_incident_is_one_form_and_one_entry() {
    let browser = Browser::inside().await;
    let before = browser.position();
    let to = browser.post("/add", &incident(&[])).await.goes_to();
    assert_eq!(browser.position(), before + 1, "one entry");
    let page = browser.page(&to).await;
    assert!(
        page.contains("Arrests in the park") && page.contains("13 August 2020") && page.contains("Recorded in"),
        "{page}"
    );
    assert!(page.contains("Nobody else said anything"));
    let people = browser.page("/people").await;
    assert!(people.contains("Sar Kanika"));
    let documents = browser.page("/documents").await;
    let source = between(&documents, "<a href=\"/source/", "\">Telephone note");
    let source = source.rsplit("<a href=\"/source/").next().unwrap();
    let text = browser.page(&format!("/source/{source}")).await;
    assert!(
        text.contains("<mark>") && text.contains("Two people called."),
        "words are found in the pasted text: {text}"
    );
    // The next one: the source is chosen, the person known, a second act.
    let mut again = incident(&[
        ("title", "The same day again"),
        ("type2", "charge"),
        ("victim2", "Rong Chhun"),
        ("no-words", "told by telephone"),
        ("words", ""),
        ("words-date", ""),
    ]);
    again.retain(|(name, _)| !name.starts_with("new-"));
    again.push(("source", source));
    let to = browser.post("/add", &again).await.goes_to();
    assert!(browser.page(&to).await.contains("The same day again"));
    let cards: serde_json::Value = serde_json::from_str(&browser.page("/people.json?q=kanika").await).unwrap();
    assert_eq!(cards["total"], 1, "nobody is made twice");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_wrong_comes_back_at_its_field_with_what_was_typed() {
    let browser = Browser::inside().await;
    let before = browser.position();
    let answer = browser
        .post("/add", &incident(&[("date", "31 February 2020"), ("words", "words that are not there"), ("title", "")]))
        .await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(browser.position(), before, "nothing was recorded");
    let page = answer.text;
    for name in ["date", "words", "title"] {
        assert!(
            page.contains(&format!("href=\"#f-{name}\"")) && page.contains(&format!("id=\"e-{name}\"")),
            "{name}: {page}"
        );
    }
    assert!(page.contains("aria-invalid=\"true\"") && page.contains("role=\"alert\""));
    assert!(
        page.contains("31 February 2020") && page.contains("Sar Kanika") && page.contains("Two people called."),
        "what was typed comes back"
    );
    let nothing = browser.post("/add", &[]).await;
    assert_eq!(nothing.status, StatusCode::UNPROCESSABLE_ENTITY);
    let hostile = browser
        .post("/add", &incident(&[("title", MARKUP), ("words", MARKUP), ("date", MARKUP), ("victim", MARKUP)]))
        .await;
    assert!(!hostile.text.contains("<script>"));
    assert!(hostile.text.contains("script"));
}

#[tokio::test(flavor = "multi_thread")]
async fn two_who_save_at_once_both_keep_what_they_said_and_see_it() {
    let browser = Browser::inside().await;
    let form = format!("/entity/{}/add", id("rong"));
    let note = id("note").to_string();
    let opened = browser.position().to_string();
    let claim = |value| {
        [
            ("property", "occupation"),
            ("value", value),
            ("source", note.as_str()),
            ("no-words", "told by telephone"),
            ("opened", opened.as_str()),
            ("clearance", "public"),
        ]
    };
    browser.post(&form, &claim("teacher")).await.goes_to();
    let to = browser.post(&form, &claim("union leader")).await.goes_to();
    let page = browser.page(&to).await;
    assert!(page.contains("Since you opened the form") && page.contains("occupation: teacher"), "{page}");
    assert!(
        page.contains("teacher") && page.contains("union leader") && page.contains("trade unionist"),
        "all are kept"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_claim_is_retracted_preferred_assessed_and_stays_in_the_history() {
    let browser = Browser::inside().await;
    let verdict = id("verdict");
    let data: serde_json::Value =
        serde_json::from_str(&browser.page(&format!("/entity/{verdict}.json")).await).unwrap();
    let other = data["properties"]["date"][1]["claims"][0]["id"].as_str().unwrap().to_owned();
    for act in ["retract", "prefer", "assess"] {
        let page = browser.page(&format!("/claim/{other}/{act}")).await;
        assert!(page.contains("17 August 2021") || page.contains("18 August 2021"));
        let empty = browser.post(&format!("/claim/{other}/{act}"), &[]).await;
        assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY, "{act} needs a reason");
    }
    browser.post(&format!("/claim/{other}/prefer"), &[("reason", "the paper was in court")]).await.goes_to();
    let page = browser.page(&format!("/entity/{verdict}")).await;
    assert!(page.contains("the paper was in court"));
    browser
        .post(
            &format!("/claim/{other}/assess"),
            &[("reason", "seen in the register"), ("verification", "verified"), ("standard", "reasonable-grounds")],
        )
        .await
        .goes_to();
    let to = browser.post(&format!("/claim/{other}/retract"), &[("reason", "a misprint")]).await.goes_to();
    assert!(browser.page(&to).await.contains("18 August 2021"));
    let claims = browser.page(&format!("/entity/{verdict}/claims")).await;
    assert!(claims.contains("a misprint") && claims.contains("retracted"));
    assert!(browser.page(&format!("/entity/{verdict}/history")).await.contains("a misprint"));
    assert!(browser.page(&format!("/claim/{other}")).await.contains("a misprint"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_judgement_and_a_made_organisation() {
    let browser = Browser::inside().await;
    let rong = id("rong");
    let wrong = browser
        .post(&format!("/entity/{rong}/judge"), &[("other", "Nobody"), ("verdict", "same"), ("reason", "x")])
        .await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    let other = id("markup").to_string();
    let to = browser
        .post(
            &format!("/entity/{rong}/judge"),
            &[("other", &other), ("verdict", "different"), ("reason", "other people")],
        )
        .await
        .goes_to();
    assert!(browser.page(&to).await.contains("Not the same as"));
    let note = id("note").to_string();
    let fields =
        [("property", "affiliation"), ("value", "A new union"), ("source", note.as_str()), ("no-words", "seen")];
    let refused = browser.post(&format!("/entity/{rong}/add"), &fields).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "nothing is made unasked");
    let mut fields = fields.to_vec();
    fields.push(("make", "Organization"));
    let to = browser.post(&format!("/entity/{rong}/add"), &fields).await.goes_to();
    assert!(browser.page(&to).await.contains("A new union"));
}

#[tokio::test(flavor = "multi_thread")]
async fn forms_from_elsewhere_and_other_hosts_are_refused() {
    let browser = Browser::inside().await;
    let before = browser.position();
    let body = form(&incident(&[]));
    let no_token = browser.post_raw("/add", body.clone(), &[]).await;
    assert_eq!(no_token.status, StatusCode::FORBIDDEN);
    let token = browser.token().await;
    let good = format!("{body}&token={token}");
    for headers in [[("sec-fetch-site", "cross-site")], [("origin", "http://evil.example")]] {
        assert_eq!(browser.post_raw("/add", good.clone(), &headers).await.status, StatusCode::FORBIDDEN);
    }
    let request = Request::builder().uri("/people").header("host", "evil.example").header("cookie", &browser.cookie);
    let rebound = browser.send(request.body(Body::empty()).unwrap()).await;
    assert_eq!(rebound.status, StatusCode::FORBIDDEN);
    assert!(!rebound.text.contains("Rong"));
    let huge = browser.post_raw("/add", format!("token={token}&new-text={}", "x".repeat(5 << 20)), &[]).await;
    assert_eq!(huge.status, StatusCode::PAYLOAD_TOO_LARGE);
    assert_eq!(browser.position(), before);
}
