//! The review of matches through the pages: groups and pairs judged by plain forms, refusals in words, and what is hidden makes no
//! difference.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod small;

use axum::http::StatusCode;
use ledger::{Author, Claim, Clearance, EntityItem, Item, Judge, Verdict};
use schema::{EntityId, Kind, Value};
use small::browser::{Browser, without_token};
use workspace::Workspace;

fn id(key: &str) -> EntityId {
    EntityId::derive("same", key)
}

fn entity(key: &str, schema: &str, clearance: &Clearance) -> Item {
    Item::Entity(EntityItem { id: id(key), schema: schema.into(), clearance: clearance.clone(), key: None })
}

fn say(key: &str, property: &str, kind: Kind, text: &str, source: &str, clearance: &Clearance) -> Item {
    let value = if kind == Kind::Entity { Value::Entity(id(text)) } else { Value::parse(kind, text, None).unwrap() };
    let mut claim = Claim::new(id(key), property, &value, id(source));
    claim.clearance = clearance.clone();
    claim.no_words = Some("a test".into());
    Item::Claim(claim)
}

/// Somebody on a list, arrested on a day.
fn row(key: &str, name: &str, date: &str, source: &str, clearance: &Clearance) -> Vec<Item> {
    let act = format!("{key}-arrest");
    vec![
        entity(key, "Person", clearance),
        entity(&act, "Act", clearance),
        say(key, "name", Kind::Name, name, source, clearance),
        say(&act, "type", Kind::Term, "acts:arrest", source, clearance),
        say(&act, "victim", Kind::Entity, key, source, clearance),
        say(&act, "date", Kind::Date, date, source, clearance),
        say(&act, "place", Kind::Place, "Phnom Penh [KH-12]", source, clearance),
    ]
}

fn judge(a: &str, b: &str, verdict: Verdict) -> Item {
    Item::Judge(Judge { a: id(a), b: id(b), verdict, reason: "compared".into(), origin: None })
}

fn append(workspace: &Workspace, items: Vec<Item>) {
    workspace.ledger.append(&Author::new(workspace.owner().account), items).unwrap();
}

/// Three records of one man, two of one woman, and people who are alone; and one organisation.
fn lists(workspace: &Workspace) {
    let public = Clearance::public();
    let mut items: Vec<Item> = ["list-a", "list-b", "list-c"].map(|list| entity(list, "Document", &public)).to_vec();
    items.extend([
        entity("union", "Organization", &public),
        say("union", "name", Kind::Name, "A union", "list-a", &public),
    ]);
    for (key, name, date, list) in [
        ("r1", "Rong Chhun", "2020-07-31", "list-a"),
        ("r2", "Rong Chhun", "2020-07-31", "list-b"),
        ("r3", "Rong Chhun", "2020-07-31", "list-c"),
        ("s1", "Chhim Sithar", "2020-08-13", "list-a"),
        ("s2", "Sithor Chhim", "2020-08-13", "list-b"),
        ("t1", "Thun Ratha", "2020-09-03", "list-a"),
        ("t2", "Sun Ratha", "2020-09-03", "list-b"),
        ("d1", "Det Huor", "2020-09-03", "list-a"),
        ("d2", "Heng Huy", "2020-09-03", "list-b"),
        ("k1", "Tha Lavy", "2020-09-07", "list-c"),
    ] {
        items.extend(row(key, name, date, list, &public));
    }
    append(workspace, items);
}

async fn browser() -> Browser {
    Browser::over(lists).signed_in().await
}

/// The records that a group's page shows, in its order.
fn members(page: &str) -> String {
    page.split_once("name=\"members\" value=\"").unwrap().1.split('"').next().unwrap().to_owned()
}

const WHY: (&str, &str) = ("reason", "one name, one day");

#[tokio::test(flavor = "multi_thread")]
async fn three_records_are_judged_at_once_and_the_entry_is_taken_back() {
    let browser = browser().await;
    let first = browser.get("/same?next=1").await.goes_to();
    assert!(first.starts_with("/same/several/"), "{first}");
    let page = browser.page(&first).await;
    assert!(page.contains("Rong Chhun, in 3 records") && page.contains("<svg class=\"ties\""), "{page}");
    let all = members(&page);
    assert_eq!(all.split(' ').count(), 3);

    let bare = browser.post(&first, &[("members", &all), ("do", "same"), ("reason", "")]).await;
    assert_eq!(bare.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(bare.text.contains("Say what it rests on"));

    let before = browser.position();
    let on = browser.post(&first, &[("members", &all), ("do", "same"), WHY]).await.goes_to();
    assert_eq!(browser.position(), before + 1, "one entry, with the judgements that it takes");
    let next = browser.page(&on).await;
    assert!(next.contains("Rong Chhun, in 3 records are the same"), "{next}");
    let undo = format!("/same/undo/{}", before + 1);
    assert!(next.contains(&undo));
    let back = browser.post(&undo, &[]).await.goes_to();
    assert!(browser.page(&back).await.contains("are open again"));
    let again = browser.post(&undo, &[]).await;
    assert_eq!(again.status, StatusCode::BAD_REQUEST, "there is nothing more to take back");
}

#[tokio::test(flavor = "multi_thread")]
async fn one_of_three_is_another_and_one_link_is_judged() {
    let browser = browser().await;
    let first = browser.get("/same?next=1").await.goes_to();
    let all = members(&browser.page(&first).await);
    let on = browser.post(&first, &[("members", &all), ("do", "another-3"), WHY]).await.goes_to();
    let ids: Vec<&str> = all.split(' ').collect();
    // What is left of the group is asked next: a pair.
    let pair = on.split('?').next().unwrap().to_owned();
    assert!(pair.contains(ids[0]) && pair.contains(ids[1]), "{on}");
    assert!(browser.page(&on).await.contains("and each of 2 others are different"));
    let several = format!("/same/several/{}", ids[0]);
    let on = browser.post(&several, &[("members", &all), ("do", "same-1-2"), WHY]).await;
    assert_eq!(on.status, StatusCode::SEE_OTHER, "{}", on.text);
    let refused = browser.post(&several, &[("members", &all), ("do", "same-2-3"), WHY]).await;
    // The group is gone, so the next question is shown; but nothing was recorded against a judgement.
    let page =
        if refused.status == StatusCode::SEE_OTHER { browser.page(&refused.goes_to()).await } else { refused.text };
    assert!(!page.contains("Rong Chhun, in 3 records"), "{page}");
    let one = |key: &str| {
        let reader =
            browser.site.workspace.ledger.read(&ledger::View::new(ledger::Cleared::to(ledger::Level::Public))).unwrap();
        reader.one_with(key.parse().unwrap()).unwrap().len()
    };
    assert_eq!((one(ids[0]), one(ids[2])), (2, 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refusal_names_whom_it_is_about_and_a_person_is_no_organisation() {
    let browser = browser().await;
    append(&browser.site.workspace, vec![judge("s1", "k1", Verdict::Different), judge("k1", "s2", Verdict::Same)]);
    let refused = browser.post(&format!("/same/{}/{}", id("s1"), id("s2")), &[("do", "same"), WHY]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.text.contains("were judged different") && refused.text.contains("Tha Lavy"), "{}", refused.text);
    let never = browser.get(&format!("/same/{}/{}", id("s1"), id("union"))).await;
    assert_eq!(never.status, StatusCode::BAD_REQUEST);
    assert!(never.text.contains("never the same"), "{}", never.text);
    let form = browser.get(&format!("/same/{}/{}", id("union"), id("union"))).await.goes_to();
    assert!(form.starts_with("/entity/"), "{form}");
}

/// A page without what any two ledgers differ in: their positions, their feeds, and the forms' tokens.
fn bare(page: &str) -> String {
    let digits = |text: &str| text.chars().map(|c| if c.is_ascii_digit() { '0' } else { c }).collect::<String>();
    // Claims are named after the feed that they were made in.
    let feed = page.split("?claim=").nth(1).and_then(|rest| rest.get(..8)).unwrap_or("no feed here").to_owned();
    let page = without_token(page).replace(&feed, "feed");
    let pieces = page.split("entry ").enumerate().map(|(at, piece)| {
        let end = if at == 0 { 0 } else { piece.find(|c: char| !c.is_ascii_digit()).unwrap_or(piece.len()) };
        format!("{}{}", digits(&piece[..end]), &piece[end..])
    });
    pieces.collect::<Vec<_>>().join("entry ").lines().filter(|line| !line.contains("\"position\":")).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_hidden_makes_no_difference_to_whoever_may_not_see_it() {
    // As many entries in both, so that their numbers are as long.
    let nothing = |workspace: &Workspace| {
        let public = Clearance::public();
        append(workspace, vec![entity("x", "Document", &public)]);
        append(workspace, vec![entity("y", "Document", &public)]);
    };
    let without = Browser::over(|workspace| {
        lists(workspace);
        nothing(workspace);
        append(workspace, vec![entity("z", "Document", &Clearance::public())]);
    });
    let with = Browser::over(|workspace| {
        lists(workspace);
        nothing(workspace);
        let hidden = Clearance::internal();
        let mut items = row("h1", "Rong Chhun", "2020-07-31", "list-a", &hidden);
        items.extend(row("h2", "Tha Lavy", "2020-09-07", "list-b", &hidden));
        items.push(say("d1", "alias", Kind::Name, "Heng Huy", "list-c", &hidden));
        items.push(say("t2", "birthDate", Kind::Date, "1990", "list-c", &hidden));
        items.extend([judge("r1", "h1", Verdict::Same), judge("h1", "r2", Verdict::Different)]);
        items.extend([judge("k1", "h2", Verdict::Same), entity("z", "Document", &Clearance::public())]);
        append(workspace, items);
    });
    let (with, without) = (with.signed_in().await, without.signed_in().await);
    let group = format!("/same/several/{}", id("r1"));
    let several = if with.get(&group).await.status == StatusCode::OK { group } else { "/same".into() };
    with.look("public", "").await;
    without.look("public", "").await;
    let addresses = [
        "/same".to_owned(),
        "/same.json".to_owned(),
        "/same/groups".to_owned(),
        several,
        format!("/same/{}/{}", id("r1"), id("r2")),
        format!("/same/{}/{}", id("d1"), id("d2")),
        format!("/same/{}/{}.json", id("t1"), id("t2")),
        format!("/entity/{}", id("k1")),
        "/lists".to_owned(),
    ];
    for address in &addresses {
        let (a, b) = (with.page(address).await, without.page(address).await);
        let (a, b) = (bare(&a), bare(&b));
        let same = a.chars().zip(b.chars()).take_while(|(x, y)| x == y).count();
        let from = |text: &str| text.chars().skip(same.saturating_sub(60)).take(200).collect::<String>();
        assert!(a == b, "{address}:\n{}\n{}", from(&a), from(&b));
    }
    // The owner, who looks through a narrower view, is told that something outside of it stands against, and no more.
    let refused = with.post(&format!("/same/{}/{}", id("r1"), id("r2")), &[("do", "same"), WHY]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(!refused.text.contains(&id("h1").to_string()));
}
